hs_test(command_table_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/command_table_test.c
  LINK hs_cli)
target_include_directories(command_table_test
  PRIVATE ${PROJECT_SOURCE_DIR}/src/cli)
