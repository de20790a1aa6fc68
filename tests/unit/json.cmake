foreach(name jsonwriter event_json event_read feed
    scenario_json request_json wire_json schema)
  hs_test(${name}_test LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}_test.c
            ${CMAKE_CURRENT_LIST_DIR}/sample.c
    LINK hs_json)
  target_include_directories(${name}_test
    PRIVATE ${PROJECT_SOURCE_DIR}/src/json)
endforeach()
target_compile_definitions(schema_test PRIVATE
  SCHEMA_FILE="${PROJECT_SOURCE_DIR}/schema/scenario.schema.json")
