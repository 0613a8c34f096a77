// What each command of a client does. Checks stand in the order in which Postfix makes them, so
// that a command with two faults is refused for the same one.

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/mail/encoding.h"
#include "sim/protocol/sasl.h"
#include "sim/protocol/smtp/server.h"

#include <algorithm>

namespace mailscope::smtp
{

namespace
{

ServerInput input_of(Verb verb)
{
    switch (verb) {
    case Verb::Helo:
        return ServerInput::Helo;
    case Verb::Ehlo:
    case Verb::Lhlo:
        return ServerInput::Ehlo;
    case Verb::Mail:
        return ServerInput::Mail;
    case Verb::Rcpt:
        return ServerInput::Rcpt;
    case Verb::Data:
        return ServerInput::Data;
    case Verb::Bdat:
        return ServerInput::Bdat;
    case Verb::Rset:
        return ServerInput::Rset;
    case Verb::Noop:
        return ServerInput::Noop;
    case Verb::Vrfy:
        return ServerInput::Vrfy;
    case Verb::Etrn:
        return ServerInput::Etrn;
    case Verb::Quit:
        return ServerInput::Quit;
    case Verb::StartTls:
        return ServerInput::StartTls;
    case Verb::Auth:
        return ServerInput::Auth;
    case Verb::Help:
        return ServerInput::Help;
    case Verb::Unknown:
        return ServerInput::Unknown;
    }
    return ServerInput::Unknown;
}

bool allowed_before_tls(Verb verb)
{
    return verb == Verb::Ehlo || verb == Verb::Helo || verb == Verb::Lhlo || verb == Verb::Noop ||
           verb == Verb::StartTls || verb == Verb::Quit;
}

/// Whether the server has the command at all. LMTP greets with LHLO only (RFC 2033 4.1).
bool is_offered(Verb verb, const ServerOptions &options)
{
    switch (verb) {
    case Verb::Lhlo:
        return options.lmtp;
    case Verb::Helo:
    case Verb::Ehlo:
        return !options.lmtp;
    case Verb::Etrn:
        return options.etrn;
    case Verb::Bdat:
        return options.chunking;
    default:
        return true;
    }
}

/// Words that only clients of other protocols say (Postfix: smtpd_forbidden_commands).
bool is_foreign(std::string_view word)
{
    return equals_ignoring_case(word, "CONNECT") || equals_ignoring_case(word, "GET") ||
           equals_ignoring_case(word, "POST");
}

} // namespace

void Server::command(std::string_view line)
{
    const Command parsed = parse_command(line);
    verb_ = parsed.verb;
    back_ = state_;
    if (state_ == ServerState::Refusing) {
        // RFC 5321 3.1: after a 554 greeting the server waits for QUIT.
        if (verb_ == Verb::Quit)
            quit();
        else
            refuse(Phrase::NoService);
    } else if (parsed.word.empty()) {
        refuse(Phrase::CommandEmpty);
    } else if (is_foreign(parsed.word) && speaks(Dialect::Postfix)) {
        refuse(Phrase::CommandForeign);
        close();
    } else {
        dispatch(parsed);
    }
}

/// What may stand in the way of a command whatever its arguments are.
bool Server::admit(const Command &command, const ServerTransition &row)
{
    Phrase refusal = row.refusal;
    if (options_->tls_required && !tls_ && !allowed_before_tls(command.verb))
        refusal = Phrase::TlsNeeded;
    else if (options_->helo_required && peer_name_.empty() &&
             (command.verb == Verb::Mail || command.verb == Verb::Auth))
        refusal = Phrase::NeedHelo;
    else if (command.verb == Verb::Auth && !options_->offers_auth())
        refusal = Phrase::AuthDisabled;
    else if (command.verb == Verb::Mail && options_->auth_required && identity_.empty())
        refusal = Phrase::AuthNeeded;
    else if (!is_offered(command.verb, *options_))
        refusal = Phrase::CommandUnknown;
    else if (command.verb == Verb::Bdat || command.verb == Verb::Etrn)
        return true; // they say the table's refusal themselves, after a look at their arguments
    if (refusal == Phrase::None)
        return true;
    refuse(refusal, command.verb == Verb::Data ? earlier_refusals() : std::string());
    return false;
}

void Server::dispatch(const Command &command)
{
    const ServerTransition *row = find_transition(state_, input_of(command.verb));
    MS_CHECK(row != nullptr);
    if (!admit(command, *row))
        return;
    switch (command.verb) {
    case Verb::Helo:
    case Verb::Ehlo:
    case Verb::Lhlo:
        helo(command);
        break;
    case Verb::Mail:
        mail(command);
        break;
    case Verb::Rcpt:
        rcpt(command);
        break;
    case Verb::Data:
        data(command);
        break;
    case Verb::Bdat:
        bdat(command, row->refusal);
        break;
    case Verb::Rset:
        rset(command);
        break;
    case Verb::Noop:
        say(Phrase::Ok);
        break;
    case Verb::Vrfy:
        vrfy(command);
        break;
    case Verb::Etrn:
        etrn(command);
        break;
    case Verb::Quit:
        quit();
        break;
    case Verb::StartTls:
        starttls(command);
        break;
    case Verb::Auth:
        auth(command);
        break;
    case Verb::Help:
        if (words(options_->dialect, Phrase::Help).code < 300)
            say(Phrase::Help, known_commands());
        else
            refuse(Phrase::Help);
        break;
    case Verb::Unknown:
        break; // refused by the table
    }
}

/// Exim takes no address without a domain but the postmaster's (RFC 5321 4.5.1).
bool Server::lacks_domain(std::string_view mailbox) const
{
    return speaks(Dialect::Exim) && !mailbox.empty() &&
           mailbox.find('@') == std::string_view::npos &&
           !equals_ignoring_case(mailbox, "postmaster");
}

/// The lines that Exim puts before the refusal of DATA when all RCPT were refused alike.
std::string Server::earlier_refusals() const
{
    if (recipient_refusal_.empty() || recipient_refusals_differ_)
        return {};
    return "All RCPT commands were rejected with this error:\n" + recipient_refusal_ + "\n";
}

void Server::mail(const Command &command)
{
    std::string_view rest = command.arguments;
    if (!starts_with_ignoring_case(rest, "FROM:") || trim(rest.substr(5)).empty()) {
        refuse(Phrase::SyntaxMail);
        return;
    }
    const std::optional<ParsedPath> path = parse_path(
        rest.substr(5), options_->strict_envelopes ? PathSyntax::Strict : PathSyntax::Lenient);
    if (!path || lacks_domain(path->mailbox)) {
        refuse(Phrase::BadSender, describe_bad_path(rest.substr(5), "sender"));
        return;
    }
    clear_transaction();
    rest = path->rest;
    while (const std::optional<Parameter> parameter = take_parameter(rest)) {
        const Phrase fault = read_mail_parameter(*parameter);
        if (fault != Phrase::None) {
            clear_transaction();
            refuse(fault, parameter->text);
            return;
        }
    }
    if (options_->size_limit != 0 && envelope_.size > options_->size_limit) {
        clear_transaction();
        refuse(Phrase::SizeAnnounced); // RFC 1870 6.1 (2)
        return;
    }
    envelope_.reverse_path = unquoted_mailbox(path->mailbox);
    go(ServerInput::Mail);
    events_.push(SenderAsked{envelope_.reverse_path, envelope_.size, envelope_.body, envelope_.ret,
                             envelope_.smtputf8, envelope_.envid});
}

/// Reads one parameter into the envelope; what is wrong with it, or None.
Phrase Server::read_mail_parameter(const Parameter &parameter)
{
    const auto is = [&parameter](std::string_view keyword, bool with_value) {
        return parameter.has_value == with_value &&
               equals_ignoring_case(parameter.keyword, keyword);
    };
    const bool eight = equals_ignoring_case(parameter.value, "8BITMIME");
    if (is("SIZE", true)) {
        const std::optional<std::uint64_t> size = parse_decimal(parameter.value);
        envelope_.size = size.value_or(0);
        return size ? Phrase::None : Phrase::BadSize;
    }
    if (is("BODY", true) && (eight || equals_ignoring_case(parameter.value, "7BIT"))) {
        envelope_.body = eight ? Body::EightBitMime : Body::SevenBit;
        return Phrase::None;
    }
    if (is("SMTPUTF8", false) && options_->smtputf8) {
        envelope_.smtputf8 = true;
        return Phrase::None;
    }
    if (is("RET", true) || is("ENVID", true)) {
        if (!options_->dsn)
            return Phrase::DsnDisabled;
        if (is("ENVID", true)) {
            // RFC 3461 4.4: xtext of at most 100 characters.
            envelope_.envid = parameter.value;
            return is_xtext(parameter.value) && !parameter.value.empty() &&
                           parameter.value.size() <= limits::envid_max
                       ? Phrase::None
                       : Phrase::BadEnvid;
        }
        const bool full = equals_ignoring_case(parameter.value, "FULL");
        envelope_.ret = full ? Return::Full : Return::Headers;
        return full || equals_ignoring_case(parameter.value, "HDRS") ? Phrase::None
                                                                     : Phrase::BadRet;
    }
    // RFC 4954 5: who first submitted the message; believed of nobody, so it is ignored.
    if (is("AUTH", true) && options_->offers_auth())
        return Phrase::None;
    return Phrase::ParameterUnknown;
}

void Server::rcpt(const Command &command)
{
    std::string_view rest = command.arguments;
    if (!starts_with_ignoring_case(rest, "TO:") || trim(rest.substr(3)).empty()) {
        refuse(Phrase::SyntaxRcpt);
        return;
    }
    const std::optional<ParsedPath> path = parse_path(
        rest.substr(3), options_->strict_envelopes ? PathSyntax::Strict : PathSyntax::Lenient);
    if (!path || path->mailbox.empty() || lacks_domain(path->mailbox)) {
        refuse(Phrase::BadRecipient, describe_bad_path(rest.substr(3), "recipient"));
        return;
    }
    candidate_.notify = Notify{};
    candidate_.orcpt.clear();
    rest = path->rest;
    while (const std::optional<Parameter> parameter = take_parameter(rest)) {
        const Phrase fault = read_rcpt_parameter(*parameter);
        if (fault != Phrase::None) {
            refuse(fault, parameter->text);
            return;
        }
    }
    // RFC 5321 4.5.3.1.10: 452, not 552.
    if (envelope_.recipients.size() >= options_->recipients_max) {
        refuse(Phrase::RecipientsExceeded);
        return;
    }
    candidate_.address = unquoted_mailbox(path->mailbox);
    go(ServerInput::Rcpt);
    events_.push(RecipientAsked{candidate_});
}

/// Reads one parameter into the candidate; what is wrong with it, or None.
Phrase Server::read_rcpt_parameter(const Parameter &parameter)
{
    const bool is_notify = equals_ignoring_case(parameter.keyword, "NOTIFY");
    const bool is_orcpt = equals_ignoring_case(parameter.keyword, "ORCPT");
    if (!parameter.has_value || (!is_notify && !is_orcpt))
        return Phrase::ParameterUnknown;
    if (!options_->dsn)
        return Phrase::DsnDisabled;
    if (is_notify) {
        const std::optional<Notify> notify = parse_notify(parameter.value);
        candidate_.notify = notify.value_or(Notify{});
        return notify ? Phrase::None : Phrase::BadNotify;
    }
    // RFC 3461 4.2: an address type, ";", and xtext.
    const std::size_t semicolon = parameter.value.find(';');
    if (semicolon == 0 || semicolon == std::string_view::npos ||
        parameter.value.size() > limits::orcpt_max ||
        !is_xtext(parameter.value.substr(semicolon + 1)))
        return Phrase::BadOrcpt;
    candidate_.orcpt = parameter.value;
    return Phrase::None;
}

void Server::data(const Command &command)
{
    if (!command.arguments.empty()) {
        refuse(Phrase::SyntaxData);
        return;
    }
    say(Phrase::StartContent);
    go(ServerInput::Data);
    content_.reserve(static_cast<std::size_t>(std::min(envelope_.size, limits::trusted_size_max)));
    crlf_before_ = true;
    line_open_ = false;
}

void Server::bdat(const Command &command, Phrase refusal)
{
    std::string_view rest = command.arguments;
    const std::optional<std::uint64_t> size = parse_decimal(take_word(rest));
    const bool last = equals_ignoring_case(rest, "LAST");
    if (!size || (!last && !rest.empty())) {
        refuse(Phrase::SyntaxBdat);
        return;
    }
    chunk_size_ = *size;
    chunk_left_ = *size;
    last_chunk_ = last;
    chunk_refusal_ = refusal;
    go(ServerInput::Bdat);
    if (chunk_left_ == 0)
        take_chunk();
}

void Server::rset(const Command &command)
{
    if (!command.arguments.empty()) {
        refuse(Phrase::SyntaxRset);
        return;
    }
    reset_transaction();
    say(Phrase::ResetOk);
    go(ServerInput::Rset);
}

void Server::vrfy(const Command &command)
{
    if (!options_->vrfy) {
        refuse(Phrase::VrfyDisabled);
        return;
    }
    if (command.arguments.empty()) {
        refuse(Phrase::SyntaxVrfy);
        return;
    }
    const std::optional<ParsedPath> path = parse_path(command.arguments, PathSyntax::Lenient);
    if (!path || path->mailbox.empty()) {
        refuse(Phrase::BadRecipient, describe_bad_path(command.arguments, "recipient"));
        return;
    }
    candidate_.address = unquoted_mailbox(path->mailbox);
    go(ServerInput::Vrfy);
    events_.push(VerifyAsked{candidate_.address});
}

void Server::etrn(const Command &command)
{
    if (command.arguments.empty())
        refuse(Phrase::SyntaxEtrn);
    else
        refuse(Phrase::EtrnRefused, command.arguments);
}

void Server::quit()
{
    say(Phrase::Bye, options_->hostname);
    go(ServerInput::Quit);
    close();
    events_.push(ClientQuit{});
}

void Server::starttls(const Command &command)
{
    if (!options_->starttls) {
        refuse(Phrase::CommandDisabled);
    } else if (tls_) {
        refuse(Phrase::TlsTwice);
    } else if (!command.arguments.empty()) {
        refuse(Phrase::SyntaxStartTls);
    } else {
        say(Phrase::TlsReady);
        // RFC 3207 4.2 and 6: nothing that was said in the clear counts inside.
        reset_transaction();
        used_ = input_.size();
        peer_name_.clear();
        identity_.clear();
        esmtp_ = false;
        tls_ = true;
        go(ServerInput::StartTls);
        events_.push(TlsStarted{});
    }
}

void Server::auth(const Command &command)
{
    std::string_view initial = command.arguments;
    const std::string_view mechanism = take_word(initial);
    const bool plain = options_->auth_plain && equals_ignoring_case(mechanism, "PLAIN");
    const bool login = options_->auth_login && equals_ignoring_case(mechanism, "LOGIN");
    if (options_->auth_needs_tls && !tls_) {
        refuse(Phrase::AuthNeedsTls);
    } else if (!identity_.empty()) {
        refuse(Phrase::AuthTwice); // RFC 4954 4
    } else if (mechanism.empty() || initial.find(' ') != std::string_view::npos) {
        refuse(Phrase::SyntaxAuth);
    } else if (!plain && !login) {
        refuse(Phrase::AuthMechanismUnknown, mechanism);
    } else if (initial.empty()) {
        say(plain ? Phrase::AuthContinue : Phrase::AuthAskUser);
        go(plain ? ServerInput::AuthPlainBare : ServerInput::AuthLoginBare);
    } else {
        // RFC 4954 4: "=" is an initial response without octets.
        const std::optional<std::string> decoded =
            mail::base64_decode(initial == "=" ? std::string_view() : initial);
        if (!decoded)
            refuse(Phrase::AuthBadInitial);
        else if (plain)
            auth_plain(*decoded, ServerInput::Auth);
        else
            auth_user(*decoded, ServerInput::AuthLoginUser);
    }
}

void Server::auth_line(std::string_view line)
{
    if (line == "*") {
        auth_broken(Phrase::AuthAborted);
        return;
    }
    std::optional<std::string> decoded = mail::base64_decode(line);
    if (!decoded)
        auth_broken(Phrase::AuthBadContinued);
    else if (state_ == ServerState::AuthPlain)
        auth_plain(*decoded, ServerInput::AuthLine);
    else if (state_ == ServerState::AuthUser)
        auth_user(std::move(*decoded), ServerInput::AuthLine);
    else
        auth_password(std::move(*decoded), ServerInput::AuthLine);
}

void Server::auth_user(std::string user, ServerInput input)
{
    auth_user_ = std::move(user);
    say(Phrase::AuthAskPassword);
    go(input);
}

void Server::auth_password(std::string password, ServerInput input)
{
    if (auth_user_.empty()) {
        auth_broken(Phrase::AuthFailed);
        return;
    }
    go(input);
    events_.push(AuthAsked{"LOGIN", {}, auth_user_, std::move(password)});
}

void Server::auth_plain(std::string_view message, ServerInput input)
{
    const std::optional<PlainLogin> login = parse_sasl_plain(message);
    if (!login) {
        auth_broken(Phrase::AuthFailed);
        return;
    }
    auth_user_ = login->user;
    go(input);
    events_.push(
        AuthAsked{"PLAIN", std::string(login->authzid), auth_user_, std::string(login->password)});
}

/// Ends an AUTH exchange; one that failed in its first line never began.
void Server::auth_broken(Phrase phrase)
{
    if (state_ != back_)
        go(ServerInput::AuthBroken);
    refuse(phrase);
}

} // namespace mailscope::smtp
