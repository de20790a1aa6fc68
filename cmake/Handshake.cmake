# How this project's targets are made: warnings, sanitizers, layers and tests.

add_library(hs_options INTERFACE)
target_include_directories(hs_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(hs_options INTERFACE _GNU_SOURCE
  HANDSHAKE_VERSION="${PROJECT_VERSION}")
target_compile_options(hs_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
  -Wmissing-prototypes -fno-common
  $<$<BOOL:${HANDSHAKE_WERROR}>:-Werror>)
if(HANDSHAKE_SANITIZE)
  target_compile_options(hs_options INTERFACE
    -fsanitize=${HANDSHAKE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(hs_options INTERFACE -fsanitize=${HANDSHAKE_SANITIZE})
endif()
if(HANDSHAKE_FUZZ)
  # Every layer tells the fuzzer where it has been; a report ends the run.
  target_compile_options(hs_options INTERFACE
    -fsanitize=fuzzer-no-link -fno-sanitize-recover=all)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/Hardening.cmake)

# hs_library(PREFIX MODULE PACKAGE): PkgConfig::PREFIX, or the end of it all with
# the Debian package to install.
macro(hs_library prefix module package)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
  if(NOT ${prefix}_FOUND)
    message(FATAL_ERROR "The library ${module} is missing: apt-get install "
      "${package}, or run tools/run, which installs what is needed.")
  endif()
endmacro()

# hs_layer(NAME SOURCES a.c ... LINK hs_below PkgConfig::X ...)
function(hs_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(hs_${name} STATIC ${arg_SOURCES})
  target_include_directories(hs_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(hs_${name} PUBLIC hs_options ${arg_LINK})
endfunction()

# hs_test(NAME LABEL label SOURCES x_test.c LINK hs_x): one cmocka program.
function(hs_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} PkgConfig::CMOCKA)
  target_compile_definitions(${name} PRIVATE
    TEST_DATA_DIR="${PROJECT_SOURCE_DIR}/tests/data")
  add_test(NAME ${arg_LABEL}/${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${arg_LABEL}/${name} PROPERTIES
    LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
