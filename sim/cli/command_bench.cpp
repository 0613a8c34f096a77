// mailscope bench: how fast it is, as one line of JSON. The only clock of real time is here.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/core/hold_model.h"
#include "sim/scenario/build.h"
#include "sim/world/bench_mailbox.h"
#include "sim/world/bench_world.h"
#include "sim/world/timeline.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace mailscope::cli
{
namespace
{

class Stopwatch
{
public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// The most memory that the process ever held, in octets.
std::int64_t peak_memory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024; // Linux counts in KiB
}

double per_second(std::uint64_t count, double seconds)
{
    return static_cast<double>(count) / std::max(seconds, 1e-9);
}

} // namespace

ExitStatus bench_kernel(const BenchOptions &options, Streams streams)
{
    const Stopwatch watch;
    const HoldResult result = run_hold_model(options.pending, options.events);
    const double seconds = watch.seconds();
    streams.out.line(fmt::format(
        "{{\"bench\":\"kernel\",\"pending\":{},\"events\":{},\"messages\":0,\"seconds\":{:.6f},"
        "\"events_per_second\":{:.0f},\"peak_memory\":{},\"digest\":\"{:016x}\"}}",
        options.pending, result.events, seconds, per_second(result.events, seconds), peak_memory(),
        result.digest));
    return ExitStatus::Good;
}

ExitStatus bench_delivery(const BenchOptions &options, Streams streams)
{
    World world = mailscope::bench_world();
    Records records(options.full_trace ? TraceLevel::Everything : TraceLevel::Nothing);
    const Stopwatch watch;
    const DeliveryRun result =
        run_deliveries(world, records, options.messages, options.bytes, options.concurrency);
    const double seconds = watch.seconds();
    streams.out.line(fmt::format(
        "{{\"bench\":\"delivery\",\"messages\":{},\"bytes\":{},\"trace\":\"{}\",\"events\":{},"
        "\"records\":{},\"seconds\":{:.6f},\"messages_per_second\":{:.0f},"
        "\"events_per_second\":{:.0f},\"peak_memory\":{}}}",
        result.messages, options.bytes, options.full_trace ? "full" : "none", result.steps,
        result.records, seconds, per_second(result.messages, seconds),
        per_second(result.steps, seconds), peak_memory()));
    return result.messages == options.messages ? ExitStatus::Good : ExitStatus::OurFault;
}

ExitStatus bench_mailbox(const BenchOptions &options, Streams streams)
{
    // As many letters as a person's mail program asks for at once.
    constexpr std::uint32_t read_max = 10'000;
    const std::uint32_t read = std::min(options.letters, read_max);
    const Stopwatch all;
    BenchMailbox mailbox(options.letters, options.bytes);
    std::uint64_t octets = 0;
    const auto timed = [](auto act) {
        const Stopwatch watch;
        act();
        return watch.seconds();
    };
    // The second time nothing is recent any more: what a mail program meets on most days.
    const double first_select = timed([&] { octets += mailbox.select_by_imap(); });
    const double select = timed([&] { octets += mailbox.select_by_imap(); });
    const double fetch = timed([&] { octets += mailbox.fetch_by_imap(read); });
    const double retrieve = timed([&] { octets += mailbox.retrieve_by_pop3(read); });
    const double deliver = timed([&] { mailbox.deliver(); });
    constexpr int copies = 1000;
    std::size_t users = 0;
    std::optional<mail::Store> snapshot;
    const double copy = timed([&] {
                            for (int i = 0; i < copies; ++i) {
                                snapshot.emplace(mailbox.store());
                                users += snapshot->user_count();
                            }
                        }) /
                        copies;
    streams.out.line(fmt::format(
        "{{\"bench\":\"mailbox\",\"letters\":{},\"bytes\":{},\"seconds\":{:.6f},"
        "\"select_seconds_first\":{:.6f},\"select_seconds\":{:.6f},\"read\":{},"
        "\"fetch_seconds\":{:.6f},\"retrieve_seconds\":{:.6f},\"deliver_seconds\":{:.9f},"
        "\"copy_seconds\":{:.9f},\"octets\":{},\"peak_memory\":{}}}",
        options.letters, options.bytes, all.seconds(), first_select, select, read, fetch, retrieve,
        deliver, copy, octets, peak_memory()));
    return users == copies ? ExitStatus::Good : ExitStatus::OurFault;
}

ExitStatus bench_world(const BenchOptions &options, Streams streams)
{
    const Stopwatch all;
    const std::optional<Scenario> scenario = load_scenario(options.file, streams.err);
    if (!scenario)
        return ExitStatus::BadInput;
    const Result<World> built = build_world(*scenario);
    if (!built) {
        complain(streams.err, options.file + ": " + built.error().message);
        return ExitStatus::BadInput;
    }
    Timeline timeline(*built);
    const double load_seconds = all.seconds();
    timeline.extend(time_limit(*scenario));
    const double run_seconds = all.seconds() - load_seconds;

    constexpr int copies = 1000;
    std::uint64_t copied_steps = 0;
    const World &end = timeline.end_of(timeline.current());
    std::optional<World> copy;
    const Stopwatch copying;
    for (int i = 0; i < copies; ++i) {
        copy.emplace(end); // what a snapshot costs
        copied_steps += copy->steps;
    }
    const double copy_seconds = copying.seconds() / copies;

    // The slowest of many places, in an order that no neighbourhood favours.
    constexpr std::uint64_t places = 100;
    const std::uint64_t steps = end.steps;
    double seek_seconds_max = 0;
    for (std::uint64_t i = 0; i < places; ++i) {
        const Stopwatch seeking;
        timeline.seek_step(i * 37 % places * steps / places);
        seek_seconds_max = std::max(seek_seconds_max, seeking.seconds());
    }
    streams.out.line(fmt::format(
        "{{\"bench\":\"world\",\"seconds\":{:.6f},\"load_seconds\":{:.6f},\"run_seconds\":{:.6f},"
        "\"copy_seconds\":{:.9f},\"seek_seconds_max\":{:.6f},\"events\":{},\"messages\":{},"
        "\"records\":{},\"events_per_second\":{:.0f},\"peak_memory\":{}}}",
        all.seconds(), load_seconds, run_seconds, copy_seconds, seek_seconds_max, steps,
        end.messages.count(), timeline.records().size(), per_second(steps, run_seconds),
        peak_memory()));
    return copied_steps == steps * copies ? ExitStatus::Good : ExitStatus::OurFault;
}

} // namespace mailscope::cli
