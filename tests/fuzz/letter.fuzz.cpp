// Mail of any kind: header, MIME tree, texts, status report. A report that can be read says the
// same when it is written again.
#include "sim/mail/letter.h"

#include "sim/core/check.h"
#include "sim/mail/address.h"
#include "sim/mail/date.h"
#include "sim/mail/mime.h"
#include "sim/mail/status_report.h"
#include "sim/mail/trace_fields.h"
#include "tests/fuzz/fuzz.h"

void mailscope::fuzz::run(std::string_view input)
{
    const mail::PartTree tree = mail::parse_parts(input);
    for (const mail::Part &part : tree.parts)
        static_cast<void>(mail::decoded_text(input, part));
    static_cast<void>(mail::read_message(input));
    static_cast<void>(mail::count_received(input));
    if (const Result<mail::Address> address = mail::parse_address(input)) {
        const Result<mail::Address> again = mail::parse_address(to_string(*address));
        MS_CHECK(again.has_value());
        MS_CHECK(*again == *address);
    }
    if (const Result<mail::DateTime> date = mail::parse_date(input))
        MS_CHECK(mail::parse_date(mail::format_date(*date)).has_value());
    static_cast<void>(mail::parse_status_report(input));
}
