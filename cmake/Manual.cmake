# The manual page and the shells' completions: printed by the program itself
# from its table of commands, installed where Debian looks for them.

set(manual_dir ${CMAKE_CURRENT_BINARY_DIR}/manual)

# hs_printed(FILE ARGUMENTS...): what the program prints, as a file.
function(hs_printed file)
  add_custom_command(OUTPUT ${manual_dir}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${manual_dir}
    COMMAND handshake ${ARGN} > ${manual_dir}/${file}
    DEPENDS handshake VERBATIM)
endfunction()

if(CMAKE_CROSSCOMPILING)
  return() # the program does not run here: print them on the target
endif()

hs_printed(handshake.1 man)
hs_printed(handshake.bash completion bash)
hs_printed(_handshake completion zsh)
hs_printed(handshake.fish completion fish)
add_custom_target(manual ALL DEPENDS ${manual_dir}/handshake.1
  ${manual_dir}/handshake.bash ${manual_dir}/_handshake
  ${manual_dir}/handshake.fish)

# Debian's zsh looks into vendor-completions below /usr, into site-functions
# below /usr/local.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh_dir share/zsh/vendor-completions)
else()
  set(zsh_dir share/zsh/site-functions)
endif()
install(FILES ${manual_dir}/handshake.1 DESTINATION share/man/man1)
install(FILES ${manual_dir}/handshake.bash RENAME handshake
  DESTINATION share/bash-completion/completions)
install(FILES ${manual_dir}/_handshake DESTINATION ${zsh_dir})
install(FILES ${manual_dir}/handshake.fish
  DESTINATION share/fish/vendor_completions.d)
