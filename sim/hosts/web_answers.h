// Pages as HTTP responses: the fields that every answer of the webmail service has.
//
// Nothing may be kept on the device (RFC 9111 5.2.2.5), nothing is run or framed, and a page is
// what its type says.
#pragma once

#include "sim/hosts/web_pages.h"
#include "sim/protocol/http/events.h"
#include "sim/protocol/http/uri.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailscope::web
{

/// "Tue, 24 Nov 2026 03:05:08 GMT" (RFC 9110 5.6.7).
std::string http_date(mail::DateTime date);

/// A response with content; `type`: its Content-Type.
http::Response response(int status, std::string_view type, std::string_view content);

/// A page in the form wanted; it depends on Accept, and says so.
template <class Page> http::Response answer(int status, const Page &page, bool wants_json)
{
    return wants_json ? response(status, "application/json", json(page))
                      : response(status, "text/html; charset=utf-8", html(page));
}

inline http::Response notice(int status, const NoticePage &page, bool wants_json)
{
    return answer(status, page, wants_json);
}

/// The form that a request carries; nothing when it is in no form that browsers send.
std::optional<http::Form> form_of(const http::Request &request);

/// 415: what came was none.
http::Response unknown_form(bool wants_json);

/// 303: what was asked for is done, look there (RFC 9110 15.4.4).
http::Response redirect(std::string_view path);

} // namespace mailscope::web
