# Puts the scenario documents into a layer as C arrays, in the order given.
#
# Included, it gives hs_embed_scenarios(TARGET file.json ...), files of
# scenarios/. Run as a script (cmake -P) it writes the C file.

if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" files "${FILES}")
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
    string(APPEND arrays
      "static const unsigned char scenario_${number}[] = {\n${hex}};\n\n")
    string(APPEND rows
      "    {scenario_${number}, sizeof(scenario_${number})},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUT}
    "/* Made from scenarios/ by EmbedScenarios.cmake. */\n"
    "#include \"json_internal.h\"\n\n${arrays}"
    "const struct embedded_scenario embedded_scenarios[] = {\n${rows}};\n"
    "const size_t embedded_scenario_count = ${number};\n")
  return()
endif()

set(HS_EMBED_SCENARIOS_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(hs_embed_scenarios target)
  set(dir ${PROJECT_SOURCE_DIR}/scenarios)
  list(TRANSFORM ARGN PREPEND ${dir}/ OUTPUT_VARIABLE files)
  file(GLOB all CONFIGURE_DEPENDS ${dir}/*.json)
  foreach(file IN LISTS all)
    if(NOT file IN_LIST files)
      message(FATAL_ERROR
        "${file} is not embedded: add it to hs_embed_scenarios(${target} ...)")
    endif()
  endforeach()
  list(JOIN files "|" joined)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/scenarios_embedded.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${joined}"
            -P ${HS_EMBED_SCENARIOS_SCRIPT}
    DEPENDS ${files} ${HS_EMBED_SCENARIOS_SCRIPT}
    COMMENT "Embedding the scenarios" VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
