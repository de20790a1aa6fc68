# embed_web(DIR RET_SOURCE): a C source with the table of src/http/web_files.h
# that holds every file below DIR. The bytes come in by .incbin, so compiling
# it takes no time whatever their size.
#
# This file is also the script that makes it (cmake -P), so that all files are
# hashed and compressed by one command of the build.

if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB_RECURSE files RELATIVE ${WEB_DIR} ${WEB_DIR}/*)
  file(REMOVE_RECURSE ${OUT_DIR}/gz)
  set(symbols "")
  set(rows "")
  set(i 0)
  foreach(file IN LISTS files)
    if(file MATCHES "(^|/)\\.")
      continue() # hidden: an editor's or a system's, not the page's
    endif()
    if(file MATCHES "\\.d\\.ts$|^api/")
      continue() # types for those who write it; what answers without a program
    endif()
    set(path ${WEB_DIR}/${file})
    set(gz ${OUT_DIR}/gz/${file}.gz)
    get_filename_component(gz_dir ${gz} DIRECTORY)
    file(MAKE_DIRECTORY ${gz_dir})
    execute_process(COMMAND ${GZIP} -9nc ${path} OUTPUT_FILE ${gz}
      COMMAND_ERROR_IS_FATAL ANY)
    file(SHA256 ${path} hash)
    string(SUBSTRING ${hash} 0 24 hash)
    file(SIZE ${path} len)
    file(SIZE ${gz} gz_len)
    string(APPEND symbols "BYTES(web_${i}, \"${path}\")\n")
    if(gz_len LESS len)
      string(APPEND symbols "BYTES(web_${i}_gz, \"${gz}\")\n")
      set(gz_row "web_${i}_gz, ${gz_len}")
    else()
      set(gz_row "NULL, 0")
    endif()
    string(APPEND rows
      "    {\"/${file}\", web_${i}, ${len}, ${gz_row}, \"${hash}\"},\n")
    math(EXPR i "${i} + 1")
  endforeach()
  file(WRITE ${OUT_DIR}/web_files.c "\
/* web_files.c - made by cmake/EmbedWeb.cmake from the files of web/. */
#include \"web_files.h\"

#define BYTES(name, file) \\
    __asm__(\".pushsection .rodata\\n\" #name \":\\n\" \\
            \".incbin \\\"\" file \"\\\"\\n.byte 0\\n.popsection\\n\"); \\
    extern const unsigned char name[];
${symbols}
const struct web_file web_files[] = {
${rows}    {NULL, NULL, 0, NULL, 0, NULL},
};
const size_t web_file_count = ${i};
")
  return()
endif()

set(EMBED_WEB_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(embed_web dir ret_source)
  find_program(GZIP_PROGRAM gzip REQUIRED)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${dir}/*)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/web)
  add_custom_command(OUTPUT ${out}/web_files.c
    COMMAND ${CMAKE_COMMAND} -DWEB_DIR=${dir} -DOUT_DIR=${out}
      -DGZIP=${GZIP_PROGRAM} -P ${EMBED_WEB_SCRIPT}
    DEPENDS ${files} ${EMBED_WEB_SCRIPT}
    COMMENT "Embedding the page" VERBATIM)
  set(${ret_source} ${out}/web_files.c PARENT_SCOPE)
endfunction()
