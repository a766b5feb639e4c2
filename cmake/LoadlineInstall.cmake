# What is installed beside the program. Components: `program` is all that the container image takes as well,
# `doc` is for people.
include(GNUInstallDirs)

set(source ${CMAKE_CURRENT_LIST_DIR}/..)
install(FILES ${source}/config/loadline.yaml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/loadline
        COMPONENT program)
install(FILES ${source}/LICENSE ${source}/packaging/deb/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT program)
install(FILES ${source}/README.md ${source}/CHANGELOG.md ${source}/SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT doc)
install(DIRECTORY ${source}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT doc)
