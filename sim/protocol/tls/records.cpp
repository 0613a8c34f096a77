// The bytes of the TLS model; see records.h.
#include "sim/protocol/tls/records.h"

#include "sim/core/digest.h"
#include "sim/core/reader.h"
#include "sim/core/rng.h"

namespace mailscope::tls
{

namespace
{

constexpr std::uint16_t legacy_version = 0x0303;
constexpr ByteView tls13 = "\x03\x04";
constexpr std::uint16_t cipher_suites[] = {0x1301, 0x1302, 0x1303};

enum class Extension : std::uint16_t
{
    ServerName = 0,
    SupportedGroups = 10,
    SignatureAlgorithms = 13,
    SupportedVersions = 43,
    KeyShare = 51,
};

constexpr std::uint16_t x25519[] = {0x001D};
constexpr std::uint16_t signature_algorithms[] = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0806};

// Octets of what is only filling: a chain of two certificates, an RSA signature, a SHA-256 hash.
constexpr std::size_t certificate_bytes = 1360;
constexpr std::size_t issuer_bytes = 1180;
constexpr std::size_t signature_bytes = 256;
constexpr std::size_t verify_bytes = 32;
constexpr std::size_t session_id_bytes = 32;

void append_number(std::string &out, std::size_t value, unsigned octets)
{
    while (octets-- > 0)
        out.push_back(static_cast<char>(value >> (8 * octets) & 0xFFU));
}

/// Appends the length of `bytes` in so many octets, and the bytes.
void append_sized(std::string &out, unsigned octets, ByteView bytes)
{
    append_number(out, bytes.size(), octets);
    out.append(bytes);
}

std::string sized(unsigned octets, ByteView bytes)
{
    std::string out;
    append_sized(out, octets, bytes);
    return out;
}

template <std::size_t Count> std::string sized_list(const std::uint16_t (&values)[Count])
{
    std::string list;
    for (const std::uint16_t value : values)
        append_number(list, value, 2);
    return sized(2, list);
}

std::string message_of(HandshakeType type, ByteView body)
{
    std::string out;
    append_number(out, static_cast<std::size_t>(type), 1);
    append_sized(out, 3, body);
    return out;
}

void append_extension(std::string &out, Extension type, ByteView body)
{
    append_number(out, static_cast<std::size_t>(type), 2);
    append_sized(out, 2, body);
}

std::string filling(std::size_t count, std::uint64_t seed)
{
    std::string out(count, '\0');
    scramble(out.data(), count, seed, count);
    return out;
}

std::string key_share_entry(const Random &key_share)
{
    std::string entry;
    append_number(entry, x25519[0], 2);
    append_sized(entry, 2, view_of(key_share));
    return entry;
}

std::string client_extensions(const Random &key_share, ByteView server_name)
{
    std::string out;
    if (!server_name.empty()) { // RFC 6066 3: a list of one host name.
        const std::string host_name = std::string(1, '\0') + sized(2, server_name);
        append_extension(out, Extension::ServerName, sized(2, host_name));
    }
    append_extension(out, Extension::SupportedGroups, sized_list(x25519));
    append_extension(out, Extension::SignatureAlgorithms, sized_list(signature_algorithms));
    append_extension(out, Extension::SupportedVersions, sized(1, tls13));
    append_extension(out, Extension::KeyShare, sized(2, key_share_entry(key_share)));
    return out;
}

/// The body of one extension in a list of them, empty when it is missing.
ByteView find_extension(ByteView list, Extension wanted)
{
    ByteReader reader(list);
    while (reader.left() > 0) {
        const std::uint16_t type = reader.u16();
        const ByteView body = reader.take(reader.u16());
        if (!reader.failed() && type == static_cast<std::uint16_t>(wanted))
            return body;
    }
    return ByteView();
}

ByteView host_name_in(ByteView extension)
{
    ByteReader reader(extension);
    reader.u16(); // length of the list
    reader.u8();  // a host name
    return reader.take(reader.u16());
}

/// Octet by octet in little-endian order; compilers make one step of it where they can.
inline void scramble_word(char *bytes, std::size_t count, std::uint64_t word)
{
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] =
            static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (word >> (8 * i) & 0xFFU));
}

} // namespace

void append_record_header(std::string &out, ContentType type, std::size_t body_bytes)
{
    append_number(out, static_cast<std::size_t>(type), 1);
    append_number(out, legacy_version, 2);
    append_number(out, body_bytes, 2);
}

void append_record(std::string &out, ContentType type, ByteView body)
{
    append_record_header(out, type, body.size());
    out.append(body);
}

std::string client_hello(const Random &random, const Random &key_share, ByteView server_name)
{
    // A session id, though there is no session: middle boxes expect it (RFC 8446 D.4).
    const std::uint64_t session = derive_key(view_of(random), "", "session id");
    std::string body;
    append_number(body, legacy_version, 2);
    body.append(view_of(random));
    append_sized(body, 1, filling(session_id_bytes, session));
    body.append(sized_list(cipher_suites));
    append_number(body, 0x0100, 2); // compression: none
    append_sized(body, 2, client_extensions(key_share, server_name));
    return message_of(HandshakeType::ClientHello, body);
}

std::optional<ClientHello> parse_client_hello(ByteView body)
{
    ByteReader reader(body);
    reader.u16();
    ClientHello hello;
    hello.random = reader.take(sizeof(Random));
    hello.session_id = reader.take(reader.u8());
    reader.take(reader.u16()); // cipher suites
    reader.take(reader.u8());  // compression
    const ByteView extensions = reader.take(reader.u16());
    const ByteView versions = find_extension(extensions, Extension::SupportedVersions);
    if (reader.failed() || reader.left() != 0 || versions.find(tls13) == ByteView::npos)
        return std::nullopt;
    const ByteView server_name = find_extension(extensions, Extension::ServerName);
    if (!server_name.empty())
        hello.server_name = host_name_in(server_name);
    return hello;
}

std::string server_hello(const Random &random, const Random &key_share, ByteView session_id)
{
    std::string extensions;
    append_extension(extensions, Extension::SupportedVersions, tls13);
    append_extension(extensions, Extension::KeyShare, key_share_entry(key_share));
    std::string body;
    append_number(body, legacy_version, 2);
    body.append(view_of(random));
    append_sized(body, 1, session_id);
    append_number(body, cipher_suites[0], 2);
    append_number(body, 0, 1); // compression: none
    append_sized(body, 2, extensions);
    return message_of(HandshakeType::ServerHello, body);
}

std::optional<ByteView> parse_server_hello(ByteView body)
{
    ByteReader reader(body);
    reader.u16();
    const ByteView random = reader.take(sizeof(Random));
    reader.take(reader.u8()); // session id
    reader.take(3);           // cipher suite and compression
    const ByteView extensions = reader.take(reader.u16());
    const ByteView version = find_extension(extensions, Extension::SupportedVersions);
    if (reader.failed() || reader.left() != 0 || version != tls13)
        return std::nullopt;
    return random;
}

std::string finished(std::uint64_t seed)
{
    return message_of(HandshakeType::Finished, filling(verify_bytes, seed));
}

std::string server_flight(ByteView certificate_name, std::uint64_t seed)
{
    // The name stands where X.509 would be; no extensions anywhere, no request context.
    const std::string leaf = sized(2, certificate_name) + filling(certificate_bytes, seed);
    std::string chain = sized(3, leaf) + sized(2, "");
    chain += sized(3, filling(issuer_bytes, seed + 1)) + sized(2, "");
    std::string signature;
    append_number(signature, signature_algorithms[1], 2);
    append_sized(signature, 2, filling(signature_bytes, seed + 2));
    return message_of(HandshakeType::EncryptedExtensions, sized(2, "")) +
           message_of(HandshakeType::Certificate, sized(1, "") + sized(3, chain)) +
           message_of(HandshakeType::CertificateVerify, signature) + finished(seed + 3);
}

std::optional<ByteView> parse_certificate(ByteView body)
{
    ByteReader reader(body);
    reader.u8();    // request context
    reader.take(6); // lengths of the list and of the first certificate
    const ByteView name = reader.take(reader.u16());
    if (reader.failed() || name.empty())
        return std::nullopt;
    return name;
}

std::optional<Message> take_message(ByteView &bytes)
{
    ByteReader reader(bytes);
    const auto type = static_cast<HandshakeType>(reader.u8());
    const std::size_t high = reader.u8();
    const std::size_t length = high << 16U | reader.u16();
    const ByteView body = reader.take(length);
    if (reader.failed())
        return std::nullopt;
    bytes.remove_prefix(reader.position());
    return Message{type, body};
}

std::uint64_t derive_key(ByteView client_random, ByteView server_random, ByteView label)
{
    return Digest().add(client_random, server_random, label).value();
}

void scramble(char *bytes, std::size_t count, std::uint64_t key, std::uint64_t sequence)
{
    Rng stream(key ^ sequence * 0x9FB21C651E98DF25ULL, "");
    for (; count >= 8; count -= 8, bytes += 8)
        scramble_word(bytes, 8, stream.next());
    scramble_word(bytes, count, stream.next());
}

std::array<char, tag_bytes> tag_of(ByteView scrambled, std::uint64_t key, std::uint64_t sequence)
{
    std::array<char, tag_bytes> tag{};
    scramble(tag.data(), tag.size(), Digest().add(key, scrambled, sequence).value(), 0);
    return tag;
}

} // namespace mailscope::tls
