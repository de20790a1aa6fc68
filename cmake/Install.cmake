# The installed files: the program, its documents, the systemd unit, the profiles
# for container engines and AppArmor. Manual page and completions: Manual.cmake.

include(GNUInstallDirs)
set(hs_name handshake-lab) # of the package and of its folders
set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATAROOTDIR}/doc/${hs_name})
set(hs_data_dir ${CMAKE_INSTALL_DATADIR}/${hs_name})

# hs_install_with_path(FILE DESTINATION PATH): installs FILE with the program's
# installed path in place of PATH. The prefix is final only at installation.
function(hs_install_with_path file destination path)
  cmake_path(GET file FILENAME name)
  install(CODE "
    set(directory \"\${CMAKE_INSTALL_PREFIX}/${destination}\")
    file(INSTALL \"${PROJECT_SOURCE_DIR}/${file}\" DESTINATION \"\${directory}\")
    set(installed \"\$ENV{DESTDIR}\${directory}/${name}\")
    file(READ \"\${installed}\" text)
    string(FIND \"\${text}\" \"${path}\" at)
    if(at LESS 0)
      message(FATAL_ERROR \"${file}: expected the path ${path}, not found.\")
    endif()
    string(REPLACE \"${path}\"
      \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/handshake\" text \"\${text}\")
    file(WRITE \"\${installed}\" \"\${text}\")
  ")
endfunction()

install(TARGETS handshake)
# systemd reads lib/systemd/system below /usr and /usr/local, never lib/<triplet>.
hs_install_with_path(deploy/handshake-lab.service lib/systemd/system
  /usr/local/bin/handshake)
hs_install_with_path(deploy/apparmor/handshake ${hs_data_dir}/apparmor
  "/usr/{local/,}bin/handshake")
install(FILES deploy/seccomp.json deploy/nginx.conf deploy/Caddyfile
  DESTINATION ${hs_data_dir})
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
