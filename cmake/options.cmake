# Compiler flags and libraries, for every target alike.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)

add_compile_definitions(FENGSUI_VERSION="${PROJECT_VERSION}" _GLIBCXX_ASSERTIONS
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
    -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports moved-from variants and coroutine frames as perhaps uninitialised; valgrind and the
    # sanitizers, which look at what happens, do not.
    # It reports impossible lengths inside string concatenation, too (GCC bug 105651).
    add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
    # It also takes Asio's coroutine frames (aligned_alloc behind operator new) for a mismatch.
    add_compile_options(-fcoroutines -Wno-mismatched-new-delete)
    if(CMAKE_UNITY_BUILD) # where sources are included, it takes their anonymous types for a header's
        add_compile_options(-Wno-subobject-linkage)
    endif()
endif()
add_link_options(-Wl,-z,relro,-z,now)
if(DEFINED ENV{CI})
    add_compile_options(-Werror)
endif()

if(FENGSUI_SANITIZE)
    add_compile_options(-fsanitize=${FENGSUI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${FENGSUI_SANITIZE})
else()
    add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
