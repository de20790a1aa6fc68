# How the program resists having its memory corrupted: every build, but those of
# the sanitizers, which look for the corruption itself. What the compiler does
# not know is left out.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)

if(HANDSHAKE_SANITIZE OR HANDSHAKE_FUZZ)
  return()
endif()

# hs_harden(FLAG): compile with it where it is known.
macro(hs_harden flag)
  string(MAKE_C_IDENTIFIER "HS_HAS${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    target_compile_options(hs_options INTERFACE ${flag})
  endif()
endmacro()

hs_harden(-fstack-protector-strong)
hs_harden(-fstack-clash-protection) # a large frame touches every page of it
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86|AMD64|amd64")
  hs_harden(-fcf-protection=full) # jumps land on marks, returns on a second stack
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  hs_harden(-mbranch-protection=standard)
endif()

# Loaded anywhere; what the loader has filled in is read-only before main().
target_compile_options(hs_options INTERFACE -fPIE)
target_link_options(hs_options INTERFACE
  -pie -Wl,-z,relro,-z,now,-z,noexecstack)

# Calls that know the size of their buffer check it. Needs optimisation: a Debug
# build would only be warned.
check_c_source_compiles("
  int main(int argc, char **argv)
  { return (int)__builtin_dynamic_object_size(argv[argc], 0); }"
  HS_HAS_DYNAMIC_OBJECT_SIZE)
if(HS_HAS_DYNAMIC_OBJECT_SIZE)
  set(fortify 3)
else()
  set(fortify 2)
endif()
target_compile_options(hs_options INTERFACE
  $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE>
  $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-D_FORTIFY_SOURCE=${fortify}>)
