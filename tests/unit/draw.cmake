hs_test(ladder_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/ladder_test.c
          ${CMAKE_CURRENT_LIST_DIR}/sample.c
  LINK hs_draw)
target_include_directories(ladder_test PRIVATE ${PROJECT_SOURCE_DIR}/src/draw)
hs_test(diagram_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/diagram_test.c
          ${CMAKE_CURRENT_LIST_DIR}/sample.c
  LINK hs_draw)
hs_test(qr_test LABEL unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/qr_test.c
  LINK hs_draw)
