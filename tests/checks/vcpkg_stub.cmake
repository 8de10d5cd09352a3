# Stands in for vcpkg, which is not here: its functions do with Meson and CMake what the port asks of them.
# Usage: cmake -DFOLDER=... -DFEATURES=... -P vcpkg_stub.cmake, with portfile.cmake in FOLDER/crew; installs to
# FOLDER/packages/crew.
cmake_minimum_required(VERSION 3.16)
set(CURRENT_PACKAGES_DIR "${FOLDER}/packages/crew")
set(work "${FOLDER}/work")

function(must)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_QUIET)
    if(code)
        message(FATAL_ERROR "${ARGN}: ${code}")
    endif()
endfunction()

function(vcpkg_download_distfile variable)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILENAME;SHA512" "URLS")
    file(DOWNLOAD "${arg_URLS}" "${work}/${arg_FILENAME}" EXPECTED_HASH "SHA512=${arg_SHA512}")
    set(${variable} "${work}/${arg_FILENAME}" PARENT_SCOPE)
endfunction()

function(vcpkg_extract_source_archive variable)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "ARCHIVE" "")
    file(ARCHIVE_EXTRACT INPUT "${arg_ARCHIVE}" DESTINATION "${work}/source")
    file(GLOB folder "${work}/source/*")
    set(${variable} "${folder}" PARENT_SCOPE)
endfunction()

function(vcpkg_configure_meson)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    must(meson setup "${work}/build" "${arg_SOURCE_PATH}" --prefix "${CURRENT_PACKAGES_DIR}" -Dlibdir=lib
        -Dbuildtype=debug ${arg_OPTIONS})
endfunction()

function(vcpkg_install_meson)
    must(meson install -C "${work}/build")
endfunction()

function(vcpkg_fixup_pkgconfig)
    file(GLOB files "${CURRENT_PACKAGES_DIR}/lib/pkgconfig/*.pc")
    if(NOT files)
        message(FATAL_ERROR "no .pc file")
    endif()
endfunction()

function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "PACKAGE_NAME;CONFIG_PATH" "")
    if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/${arg_PACKAGE_NAME}-config.cmake")
        message(FATAL_ERROR "no ${arg_PACKAGE_NAME}-config.cmake")
    endif()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    file(COPY ${arg_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/crew")
endfunction()

file(REMOVE_RECURSE "${work}" "${CURRENT_PACKAGES_DIR}")
include("${FOLDER}/crew/portfile.cmake")
