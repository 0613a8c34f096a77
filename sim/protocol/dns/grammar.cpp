// Names of the numbers in grammar.h.
#include "sim/protocol/dns/grammar.h"

#include "sim/core/text.h"

#include <array>

namespace mailscope::dns
{

namespace
{

struct TypeName
{
    Type type;
    std::string_view name;
};

constexpr std::array<TypeName, 10> type_names = {{
    {Type::A, "A"},
    {Type::Ns, "NS"},
    {Type::Cname, "CNAME"},
    {Type::Soa, "SOA"},
    {Type::Ptr, "PTR"},
    {Type::Mx, "MX"},
    {Type::Txt, "TXT"},
    {Type::Aaaa, "AAAA"},
    {Type::Opt, "OPT"},
    {Type::Any, "ANY"},
}};

} // namespace

std::string to_string(Type type)
{
    for (const TypeName &known : type_names)
        if (known.type == type)
            return std::string(known.name);
    return "TYPE" + std::to_string(static_cast<unsigned>(type));
}

std::optional<Type> parse_type(std::string_view text)
{
    for (const TypeName &known : type_names)
        if (equals_ignoring_case(known.name, text))
            return known.type;
    if (starts_with_ignoring_case(text, "TYPE"))
        if (const auto number = parse_decimal(text.substr(4)); number && *number <= 0xFFFF)
            return static_cast<Type>(*number);
    return std::nullopt;
}

std::string to_string(Rcode rcode)
{
    switch (rcode) {
    case Rcode::NoError:
        return "NOERROR";
    case Rcode::FormatError:
        return "FORMERR";
    case Rcode::ServerFailure:
        return "SERVFAIL";
    case Rcode::NameError:
        return "NXDOMAIN";
    case Rcode::NotImplemented:
        return "NOTIMP";
    case Rcode::Refused:
        return "REFUSED";
    case Rcode::BadVersion:
        return "BADVERS";
    }
    return "RCODE" + std::to_string(static_cast<unsigned>(rcode));
}

std::uint16_t random_port(Rng &rng)
{
    constexpr std::uint32_t first = 1024;
    return static_cast<std::uint16_t>(first + rng.below(65536 - first));
}

} // namespace mailscope::dns
