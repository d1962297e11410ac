// Memory for big tables that are read at random: on pages of 2 MiB, so that a read costs one cache miss and
// not a walk of the page tables besides. Where the machine has none the memory is ordinary.
#pragma once

#include <cstddef>
#include <vector>

namespace fengsui::base {

/// Throws std::bad_alloc. Small amounts are ordinary memory.
void* allocate_huge(std::size_t bytes);
void free_huge(void* memory, std::size_t bytes) noexcept;

template <class T>
struct HugePageAllocator {
    using value_type = T;

    HugePageAllocator() = default;
    template <class U>
    explicit HugePageAllocator(const HugePageAllocator<U>& /*other*/) {}

    T* allocate(std::size_t count) { return static_cast<T*>(allocate_huge(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t count) noexcept { free_huge(memory, count * sizeof(T)); }
    bool operator==(const HugePageAllocator& /*other*/) const { return true; }
};

template <class T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

} // namespace fengsui::base
