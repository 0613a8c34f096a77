// A query of any text is a query or an error.
#include "sim/trace/query.h"

#include "tests/fuzz/fuzz.h"

#include <array>
#include <string>

void mailscope::fuzz::run(std::string_view input)
{
    const std::array<std::string, 2> hosts = {"mx.example.jp", "alice-laptop"};
    if (const Result<Query> query = Query::parse(input, hosts))
        static_cast<void>(query->matches(Record{}));
}
