// State diagrams.
#include "viz/model/engine_view.h"

#include "sim/world/engine_tables.h"
#include "sim/world/inspect.h"
#include "viz/model/views.h"

#include <algorithm>
#include <map>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t engines_max = 8;

/// Words of the tables that are no states.
bool is_state(const std::string &name)
{
    return name != "any" && name != "same" && name != "back" && name != "×";
}

/// How far each state is from the first one of the table, in transitions. What is reached from
/// anywhere is as near as what follows the beginning.
std::map<std::string, std::size_t> distances(const std::vector<EngineStep> &rows)
{
    std::map<std::string, std::size_t> found;
    std::vector<std::string> edge;
    for (const EngineStep &row : rows)
        if (edge.empty() && is_state(row.from))
            edge = {row.from};
    for (std::size_t far = 0; !edge.empty(); ++far) {
        std::vector<std::string> next;
        for (const std::string &name : edge) {
            if (!found.emplace(name, far).second)
                continue;
            for (const EngineStep &row : rows)
                if (!row.refused && is_state(row.to) && (row.from == name || row.from == "any"))
                    next.push_back(row.to);
        }
        edge = std::move(next);
    }
    return found;
}

void add_edge(EngineView &view, std::size_t from, std::size_t to)
{
    for (const StateEdge &edge : view.edges)
        if (edge.from == from && edge.to == to)
            return;
    view.edges.push_back({from, to, view.states[from].is_now});
}

void add_engine(const Moment &now, std::string_view engine, std::string_view state, HostId peer,
                std::vector<EngineView> &views)
{
    const EngineTable *table = find_engine_table(engine);
    if (table == nullptr)
        return;
    EngineView view = engine_view(*table, state);
    view.title = now.words.engine(view.title);
    for (StateNode &node : view.states)
        node.name = now.words.engine(node.name);
    for (ExitRow &row : view.exits) {
        row.input = now.words.engine(row.input);
        if (is_state(row.to))
            row.to = now.words.engine(row.to);
        row.note = now.words.engine(row.note);
    }
    if (!peer.is_none())
        view.title += " ⇄ " + now.words.short_host(peer);
    const bool is_meant =
        !now.records.empty() && (now.record().peer == peer || now.record().host == peer);
    views.insert(is_meant && !peer.is_none() ? views.begin() : views.end(), std::move(view));
}

} // namespace

EngineView engine_view(const EngineTable &table, std::string_view state)
{
    EngineView view;
    view.title = table.name;
    const std::vector<EngineStep> rows = table.rows();
    const std::map<std::string, std::size_t> far = distances(rows);
    for (const EngineStep &row : rows)
        for (const std::string &name : {row.from, row.to})
            if (is_state(name) &&
                std::none_of(view.states.begin(), view.states.end(),
                             [&](const StateNode &node) { return node.name == name; }))
                view.states.push_back({name, name == state, false, false});
    const auto rank = [&](const StateNode &node) {
        const auto found = far.find(node.name);
        return found == far.end() ? rows.size() : found->second;
    };
    std::stable_sort(view.states.begin(), view.states.end(),
                     [&](const StateNode &a, const StateNode &b) { return rank(a) < rank(b); });
    const auto place = [&](const std::string &name) {
        return static_cast<std::size_t>(
            std::find_if(view.states.begin(), view.states.end(),
                         [&](const StateNode &node) { return node.name == name; }) -
            view.states.begin());
    };
    for (const EngineStep &row : rows) {
        if (row.refused)
            continue;
        const bool leads_on = row.from == state || row.from == "any";
        if (leads_on && is_state(std::string(state)))
            view.exits.push_back({row.input, row.to, row.note});
        if (!is_state(row.to))
            continue;
        StateNode &to = view.states[place(row.to)];
        to.follows = to.follows || leads_on;
        if (row.from == "any")
            to.from_anywhere = true;
        else
            add_edge(view, place(row.from), place(row.to));
    }
    return view;
}

std::vector<EngineView> engine_views(const Moment &now, HostId host)
{
    std::vector<EngineView> views;
    for (const EngineRow &row : engine_rows(now.world))
        if (row.host == host)
            add_engine(now, row.engine, row.state, row.peer, views);
    std::vector<EngineView> others;
    for (const ConnectionRow &row : connection_rows(now.world))
        if (row.host == host)
            add_engine(now, "tcp", net::to_string(row.state), row.peer, others);
    for (const QueueRow &row : queue_rows(now.world))
        if (row.host == host) {
            add_engine(now, "delivery", to_string(row.state), HostId{}, others);
            if (!others.empty())
                others.back().title += " " + row.queue_id;
        }
    for (EngineView &view : others)
        views.push_back(std::move(view));
    if (views.size() > engines_max)
        views.resize(engines_max);
    return views;
}

} // namespace mailscope::viz
