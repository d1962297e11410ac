// Lines of standard input, when it is a pipe: commands to a program in the foreground.
#pragma once

#include "net/runtime.h"

#include <functional>
#include <memory>
#include <string>

namespace fengsui::net {

/// I/O thread. A terminal, a file or nothing is not read: a background program must not stop for it.
class StandardInput {
public:
    StandardInput(Runtime& runtime, std::function<void(std::string line)> on_line);
    ~StandardInput();
    StandardInput(const StandardInput&) = delete;
    StandardInput& operator=(const StandardInput&) = delete;

    /// Reads until the other side closes, or `close`. Lines longer than 64 KiB end it.
    Task<> run();
    void close();

private:
    struct Source;
    std::function<void(std::string)> on_line_;
    std::unique_ptr<Source> source_; ///< null when there is nothing to read
};

} // namespace fengsui::net
