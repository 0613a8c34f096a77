// The names of stages.
#include "sim/protocol/smtp/events.h"

namespace mailscope::smtp
{

std::string_view to_string(Stage stage)
{
    switch (stage) {
    case Stage::Greeting:
        return "initial server greeting";
    case Stage::Ehlo:
        return "EHLO";
    case Stage::Helo:
        return "HELO";
    case Stage::StartTls:
        return "STARTTLS";
    case Stage::Auth:
        return "AUTH";
    case Stage::Idle:
        return "idle";
    case Stage::Mail:
        return "MAIL FROM";
    case Stage::Rcpt:
        return "RCPT TO";
    case Stage::Data:
        return "DATA";
    case Stage::Content:
        return "message content";
    case Stage::EndOfData:
        return "end of DATA";
    case Stage::Rset:
        return "RSET";
    case Stage::Quit:
        return "QUIT";
    }
    return "?";
}

} // namespace mailscope::smtp
