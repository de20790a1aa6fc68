hs_test(buf_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/buf_test.c LINK hs_base)
hs_test(err_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/err_test.c LINK hs_base)
hs_test(log_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/log_test.c LINK hs_base)
