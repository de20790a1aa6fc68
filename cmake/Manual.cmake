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

install(FILES ${manual_dir}/handshake.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual_dir}/handshake.bash RENAME handshake
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${manual_dir}/handshake.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# Debian's zsh reads vendor-completions below /usr and site-functions below
# /usr/local. The prefix is final only at installation: --prefix can change it.
install(CODE "
  if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
    set(directory vendor-completions)
  else()
    set(directory site-functions)
  endif()
  file(INSTALL \"${manual_dir}/_handshake\" DESTINATION
    \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${directory}\")
")
