// Pages as HTTP responses; see web_answers.h.
#include "sim/hosts/web_answers.h"

namespace mailscope::web
{

std::string http_date(mail::DateTime date)
{
    const std::string text = mail::format_date({date.unix_seconds, 0});
    return text.substr(0, text.size() - std::string_view("+0000").size()) + "GMT";
}

http::Response response(int status, std::string_view type, std::string_view content)
{
    http::Response response;
    response.status = status;
    response.fields = {{"Content-Type", std::string(type)},
                       {"Cache-Control", "no-store"},
                       {"Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                        "frame-ancestors 'none'"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"Vary", "Accept, Cookie"}};
    response.content = SharedBytes::copy_of(content);
    return response;
}

http::Response redirect(std::string_view path)
{
    http::Response response;
    response.status = 303;
    response.fields = {{"Location", std::string(path)}, {"Cache-Control", "no-store"}};
    return response;
}

} // namespace mailscope::web
