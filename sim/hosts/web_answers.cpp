// Pages as HTTP responses; see web_answers.h.
#include "sim/hosts/web_answers.h"

#include "sim/mail/mime.h"

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

std::optional<http::Form> form_of(const http::Request &request)
{
    const std::string *type = http::find_field(request.fields, "Content-Type");
    const mail::ParameterisedValue value =
        mail::parse_parameterised(type == nullptr ? std::string_view() : std::string_view(*type));
    if (value.value == "application/x-www-form-urlencoded")
        return http::parse_form(request.content.view());
    if (value.value == "multipart/form-data")
        return http::parse_multipart(request.content.view(), value.parameter("boundary"));
    return std::nullopt;
}

http::Response unknown_form(bool wants_json)
{
    return notice(415, {{"Not understood", ""}, "Please send a form."}, wants_json);
}

} // namespace mailscope::web
