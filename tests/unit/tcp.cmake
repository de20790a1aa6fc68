hs_test(seq_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/seq_test.c LINK hs_tcp)
hs_test(segment_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/segment_test.c
    ${CMAKE_CURRENT_LIST_DIR}/tcp_dumps.c LINK hs_tcp)
hs_test(fields_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/fields_test.c
    ${CMAKE_CURRENT_LIST_DIR}/tcp_dumps.c LINK hs_tcp)
foreach(name observer_test observer_says_test observer_strange_test)
  hs_test(${name} LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}.c
      ${CMAKE_CURRENT_LIST_DIR}/observer_play.c LINK hs_tcp)
endforeach()
foreach(name icmp_test edit_test)
  hs_test(${name} LABEL unit
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}.c
      ${CMAKE_CURRENT_LIST_DIR}/tcp_dumps.c LINK hs_tcp)
endforeach()
