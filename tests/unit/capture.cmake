hs_test(capture_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/capture_test.c
          ${CMAKE_CURRENT_LIST_DIR}/sample.c
  LINK hs_capture)
target_include_directories(capture_test
  PRIVATE ${PROJECT_SOURCE_DIR}/src/capture)
