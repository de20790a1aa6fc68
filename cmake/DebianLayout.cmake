# Run by cpack between installation and packing (CPACK_PRE_BUILD_SCRIPTS): what
# Debian's policy asks of documents. The licence is "copyright", changelogs and
# manual pages are compressed, without a time stamp inside.

set(staged ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX})
set(doc ${staged}/share/doc/${CPACK_PACKAGE_NAME})

# Debian's own format: one entry that points to the full text.
file(STRINGS ${doc}/CHANGELOG.md heading REGEX "^## \\[${CPACK_PACKAGE_VERSION}\\] - ")
if(NOT heading)
  message(FATAL_ERROR "CHANGELOG.md: expected a section of version "
    "${CPACK_PACKAGE_VERSION} with its date, found none. Write it first.")
endif()
string(REGEX REPLACE ".* - " "" date "${heading}")
execute_process(COMMAND date -u -R -d "${date} 12:00" OUTPUT_VARIABLE date
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${doc}/changelog
"${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Release ${CPACK_PACKAGE_VERSION}. CHANGELOG.md.gz describes the changes.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")

file(READ ${doc}/LICENSE licence)
file(WRITE ${doc}/copyright
"Handshake Lab. Licence of every file, MIT (also known as Expat):

${licence}")
file(REMOVE ${doc}/LICENSE)

execute_process(COMMAND gzip -9n ${doc}/changelog ${doc}/CHANGELOG.md
  ${staged}/share/man/man1/handshake.1 COMMAND_ERROR_IS_FATAL ANY)
