# src/http: what can be tested without a server.
hs_test(openapi_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/openapi_test.c LINK hs_http)
target_include_directories(openapi_test PRIVATE
  ${PROJECT_SOURCE_DIR}/src/http ${PROJECT_SOURCE_DIR}/src/json)
target_compile_definitions(openapi_test PRIVATE
  OPENAPI_FILE="${PROJECT_SOURCE_DIR}/schema/openapi.json")
