hs_test(runlog_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/runlog_test.c LINK hs_run)
hs_test(template_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/template_test.c LINK hs_run)
target_include_directories(template_test PRIVATE ${PROJECT_SOURCE_DIR}/src/run)

hs_test(flight_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/flight_test.c LINK hs_run)
target_include_directories(flight_test PRIVATE ${PROJECT_SOURCE_DIR}/src/run)
hs_test(rule_text_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/rule_text_test.c
    ${CMAKE_CURRENT_LIST_DIR}/tcp_dumps.c LINK hs_run)
hs_test(memory_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/memory_test.c LINK hs_run)
