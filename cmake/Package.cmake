# The Debian package handshake-lab, made by tools/package (cpack -G DEB). Its
# files are those of cmake --install with /usr as the prefix; DebianLayout.cmake
# then arranges documents as Debian's policy asks.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ${hs_name})
set(CPACK_PACKAGE_VENDOR "Handshake Lab developers")
set(CPACK_PACKAGE_CONTACT "Handshake Lab developers <handshake-lab@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "watch, hold and break real TCP handshakes")
set(CPACK_PACKAGE_DESCRIPTION
"Handshake Lab runs a real TCP client and a real TCP server in network
namespaces of their own and is the wire between them. Each segment can be
watched, held, dropped, delayed, duplicated or changed, in a web page, by
rules, or from scripts; captures are written for Wireshark.
.
The package contains a systemd unit, handshake-lab.service, which serves the
page on 127.0.0.1:8080. The unit is neither enabled nor started.")

set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/DebianLayout.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/prerm)
include(CPack)
