// HELO, EHLO and LHLO: who the client is, and what the server offers it.
#include "sim/protocol/smtp/server.h"

#include <array>

namespace mailscope::smtp
{

void Server::helo(const Command &command)
{
    const bool esmtp = command.verb != Verb::Helo;
    std::string_view rest = command.arguments;
    const std::string_view name = take_word(rest);
    if (name.empty()) {
        refuse(esmtp ? Phrase::SyntaxEhlo : Phrase::SyntaxHelo);
        return;
    }
    reset_transaction();
    peer_name_ = name;
    esmtp_ = esmtp;
    if (esmtp)
        say_ehlo();
    else
        say(Phrase::HeloOk, hello());
    go(esmtp ? ServerInput::Ehlo : ServerInput::Helo);
    events_.push(PeerIdentified{peer_name_, esmtp});
}

/// How the client is greeted by name after HELO and EHLO.
std::string Server::hello() const
{
    if (!speaks(Dialect::Exim))
        return options_->hostname;
    return options_->hostname + " Hello " + peer_name_ + " [" + peer_address_ + "]";
}

/// What HELP lists.
std::string Server::known_commands() const
{
    return std::string("AUTH ") + (options_->starttls && !tls_ ? "STARTTLS " : "") +
           "HELO EHLO MAIL RCPT DATA BDAT NOOP QUIT RSET HELP" + (options_->vrfy ? " VRFY" : "");
}

void Server::say_ehlo()
{
    const ServerOptions &offer = *options_;
    const std::string greeting = hello();
    std::array<std::string_view, 13> lines;
    std::size_t count = 0;
    const auto add = [&lines, &count](bool offered, std::string_view line) {
        if (offered)
            lines[count++] = line;
    };
    const std::string size = "SIZE " + std::to_string(offer.size_limit);
    const bool auth = offer.offers_auth() && (tls_ || !offer.auth_needs_tls);
    const std::string_view size_line =
        offer.size_limit == 0 ? std::string_view("SIZE") : std::string_view(size);
    const std::string_view auth_line = offer.auth_plain && offer.auth_login ? "AUTH PLAIN LOGIN"
                                       : offer.auth_plain                   ? "AUTH PLAIN"
                                                                            : "AUTH LOGIN";
    const bool starttls = offer.starttls && !tls_; // RFC 3207 4.2: never again inside
    add(true, greeting);
    if (speaks(Dialect::Dovecot)) {
        add(offer.eight_bit_mime, "8BITMIME");
        add(offer.chunking, "CHUNKING");
        add(true, "ENHANCEDSTATUSCODES");
        add(offer.pipelining, "PIPELINING");
        add(starttls, "STARTTLS");
    } else if (speaks(Dialect::Exim)) {
        add(true, size_line);
        add(offer.eight_bit_mime, "8BITMIME");
        add(offer.dsn, "DSN");
        add(offer.vrfy, "VRFY");
        add(offer.pipelining, "PIPELINING");
        add(offer.pipelining, "PIPECONNECT");
        add(auth, auth_line);
        add(offer.chunking, "CHUNKING");
        add(starttls, "STARTTLS");
        add(offer.smtputf8, "SMTPUTF8");
        add(true, "HELP");
    } else {
        add(offer.pipelining, "PIPELINING");
        add(true, size_line);
        add(offer.vrfy, "VRFY");
        add(offer.etrn, "ETRN");
        add(starttls, "STARTTLS");
        add(auth, auth_line);
        add(true, "ENHANCEDSTATUSCODES");
        add(offer.eight_bit_mime, "8BITMIME");
        add(offer.dsn, "DSN");
        add(offer.smtputf8, "SMTPUTF8");
        add(offer.chunking, "CHUNKING");
    }
    output_.begin(OutputKind::Reply);
    for (std::size_t i = 0; i < count; ++i) {
        output_.append(i + 1 < count ? "250-" : "250 ");
        output_.append(lines[i]);
        output_.append("\r\n");
    }
}

} // namespace mailscope::smtp
