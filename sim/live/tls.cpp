// Real TLS on the live door, by OpenSSL.
#include "sim/live/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

namespace mailscope::live
{

/// Frees what OpenSSL made.
template <auto free_function> struct Free
{
    template <class T> void operator()(T *thing) const { free_function(thing); }
};

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using SslConnection = std::unique_ptr<SSL, Free<SSL_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free>>;

namespace
{

constexpr long valid_seconds = 30L * 24 * 60 * 60;
/// Of TLS 1.3, the one whose state is the smallest first (RFC 8446 B.4).
constexpr const char *ciphersuites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/// "DNS:mx.example.jp,IP:127.0.0.1": the subject's other names (RFC 5280 4.2.1.6).
std::string alternative_names(const std::vector<std::string> &names)
{
    std::string text = "DNS:localhost,IP:127.0.0.1,IP:::1";
    for (const std::string &name : names)
        text += ",DNS:" + name;
    return text;
}

bool add_extension(X509 *certificate, int kind, const std::string &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate make_certificate(EVP_PKEY *key, const std::vector<std::string> &names)
{
    Certificate certificate(X509_new());
    if (certificate == nullptr)
        return nullptr;
    X509_set_version(certificate.get(), 2); // version 3 is written as 2
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_seconds);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME *subject = X509_get_subject_name(certificate.get());
    constexpr std::string_view title = "mailscope on this machine";
    const auto *octets = reinterpret_cast<const unsigned char *>(title.data());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, octets, static_cast<int>(title.size()),
                               -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    const bool made =
        add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(certificate.get(), NID_subject_alt_name, alternative_names(names)) &&
        X509_sign(certificate.get(), key, EVP_sha256()) != 0;
    return made ? std::move(certificate) : nullptr;
}

std::string pem_of(X509 *certificate)
{
    const Memory memory(BIO_new(BIO_s_mem()));
    if (memory == nullptr || PEM_write_bio_X509(memory.get(), certificate) != 1)
        return std::string();
    char *text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return std::string(text, static_cast<std::size_t>(length));
}

} // namespace

struct TlsIdentity::Parts
{
    Context context;
    // What all connections of it read from and write to once their handshakes are done; empty but
    // within a call. Two for each would be half a kilobyte for one that rests.
    Memory from_socket{BIO_new(BIO_s_mem())};
    Memory to_socket{BIO_new(BIO_s_mem())};
};

TlsIdentity::TlsIdentity(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsIdentity::~TlsIdentity() = default;
TlsIdentity::TlsIdentity(TlsIdentity &&) noexcept = default;
TlsIdentity &TlsIdentity::operator=(TlsIdentity &&) noexcept = default;

Result<TlsIdentity> TlsIdentity::make(const std::vector<std::string> &names)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = key == nullptr ? nullptr : make_certificate(key.get(), names);
    auto parts = std::make_unique<Parts>();
    parts->context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX *context = parts->context.get();
    if (certificate == nullptr || context == nullptr || parts->from_socket == nullptr ||
        parts->to_socket == nullptr ||
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(context, ciphersuites) != 1 ||
        SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return fail("OpenSSL cannot make a certificate");
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // an idle connection keeps no buffers
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0); // nothing is resumed
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    TlsIdentity identity(std::move(parts));
    identity.pem_ = pem_of(certificate.get());
    return identity;
}

struct TlsServer::Parts
{
    const TlsIdentity::Parts &identity;
    SslConnection connection;
    BIO *from_socket = nullptr; ///< held by the connection, as is the other
    BIO *to_socket = nullptr;
};

TlsServer::TlsServer(const TlsIdentity &identity)
    : parts_(new Parts{*identity.parts_, nullptr, nullptr, nullptr})
{
    parts_->connection.reset(SSL_new(identity.parts_->context.get()));
    parts_->from_socket = BIO_new(BIO_s_mem());
    parts_->to_socket = BIO_new(BIO_s_mem());
    SSL_set_bio(parts_->connection.get(), parts_->from_socket, parts_->to_socket);
    SSL_set_accept_state(parts_->connection.get());
}

TlsServer::~TlsServer() = default;
TlsServer::TlsServer(TlsServer &&) noexcept = default;
TlsServer &TlsServer::operator=(TlsServer &&) noexcept = default;

std::string TlsServer::receive(std::string_view wire)
{
    std::string plain;
    if (failed_)
        return plain;
    BIO_write(parts_->from_socket, wire.data(), static_cast<int>(wire.size()));
    std::array<char, 16'384> block{};
    for (;;) {
        ERR_clear_error();
        const int count =
            SSL_read(parts_->connection.get(), block.data(), static_cast<int>(block.size()));
        if (count > 0) {
            plain.append(block.data(), static_cast<std::size_t>(count));
            continue;
        }
        const int why = SSL_get_error(parts_->connection.get(), count);
        failed_ = why == SSL_ERROR_SSL || why == SSL_ERROR_SYSCALL;
        break;
    }
    flush_waiting();
    collect();
    return plain;
}

void TlsServer::send(std::string_view plain)
{
    waiting_.append(plain);
    flush_waiting();
    collect();
}

void TlsServer::flush_waiting()
{
    if (failed_ || !established() || waiting_.empty())
        return;
    ERR_clear_error();
    const int size = static_cast<int>(waiting_.size());
    failed_ = SSL_write(parts_->connection.get(), waiting_.data(), size) != size;
    waiting_.clear();
    waiting_.shrink_to_fit();
}

void TlsServer::close()
{
    if (failed_ || !established())
        return;
    ERR_clear_error();
    SSL_shutdown(parts_->connection.get()); // sends close_notify; the peer's is not waited for
    collect();
}

/// Takes what OpenSSL has for the socket. When the handshake is done, its own buffers go.
void TlsServer::collect()
{
    Parts &own = *parts_;
    const std::size_t before = output_.size();
    output_.resize(before + BIO_ctrl_pending(own.to_socket));
    if (output_.size() != before)
        BIO_read(own.to_socket, output_.data() + before, static_cast<int>(output_.size() - before));
    if (BIO_ctrl_pending(own.from_socket) != 0)
        BIO_reset(
            own.from_socket); // Behind the end or an error: nobody reads it, here or elsewhere.
    BIO *const shared = own.identity.from_socket.get();
    if (!established() || own.from_socket == shared)
        return;
    own.from_socket = shared;
    own.to_socket = own.identity.to_socket.get();
    BIO_up_ref(own.from_socket);
    BIO_up_ref(own.to_socket);
    SSL_set0_rbio(own.connection.get(), own.from_socket);
    SSL_set0_wbio(own.connection.get(), own.to_socket);
}

std::string TlsServer::take_output() { return std::exchange(output_, {}); }

bool TlsServer::established() const { return SSL_is_init_finished(parts_->connection.get()) == 1; }

} // namespace mailscope::live
