// Where text goes: a file descriptor with what a terminal can show.
//
// Colours are for terminals only and never say anything alone. When the reader of a pipe has gone,
// what is written is dropped and the command ends as usual: `mailscope run x.json | head` is quiet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::cli
{

/// What a piece of text is, for its colour.
enum class Style : std::uint8_t
{
    Plain,
    Heading,
    Dim,
    Good,
    Bad,
    Smtp,
    Dns,
    Pop3,
    Tcp,
    Tls,
    Lesson,
};

class Output
{
public:
    /// Writes to an open descriptor, which stays open. Looks whether it is a terminal.
    explicit Output(int descriptor);
    /// Keeps everything; text() gives it. For tests and files.
    Output() = default;
    ~Output() { flush(); }
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;

    void write(std::string_view text);
    void line(std::string_view text = {});
    /// The text in its colour where colours are shown.
    std::string styled(Style style, std::string_view text) const;
    void flush();

    bool is_terminal() const { return terminal_; }
    /// Columns that a line may have: the terminal's, at most 100; 80 elsewhere.
    std::size_t columns() const { return columns_; }
    /// Nobody reads any more.
    bool closed() const { return closed_; }
    /// Something else than a closed pipe kept text from being written: a full disk.
    bool failed() const { return failed_; }
    const std::string &text() const { return buffer_; }

private:
    int descriptor_ = -1;
    bool terminal_ = false;
    bool colour_ = false;
    bool closed_ = false;
    bool failed_ = false;
    std::size_t columns_ = 80;
    std::string buffer_;
};

/// Writes a whole file; false when that fails.
bool write_file(const std::string &path, std::string_view text);

} // namespace mailscope::cli
