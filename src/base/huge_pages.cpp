#include "base/huge_pages.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace fengsui::base {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

bool is_big(std::size_t bytes) {
    return bytes >= kHugePage;
}

std::size_t whole_pages(std::size_t bytes) {
    return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

} // namespace

void* allocate_huge(std::size_t bytes) {
    if (!is_big(bytes)) {
        return ::operator new(bytes);
    }
    // Fresh from the kernel: what malloc hands out anew has been cut into small pages already.
    const auto size = whole_pages(bytes);
    void* const mapped =
        mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::bad_alloc();
    }
    auto* const start = static_cast<char*>(mapped);
    const auto before =
        whole_pages(reinterpret_cast<std::uintptr_t>(start)) - reinterpret_cast<std::uintptr_t>(start);
    if (before > 0) {
        munmap(start, before);
    }
    if (before < kHugePage) {
        munmap(start + before + size, kHugePage - before);
    }
    madvise(start + before, size, MADV_HUGEPAGE); // advice: refused, the memory is as good as before
    return start + before;
}

void free_huge(void* memory, std::size_t bytes) noexcept {
    if (is_big(bytes)) {
        munmap(memory, whole_pages(bytes));
    } else {
        ::operator delete(memory);
    }
}

} // namespace fengsui::base
