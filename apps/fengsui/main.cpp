#include <cstdio>

int main() {
    std::puts("fengsui " FENGSUI_VERSION);
    return 0;
}
