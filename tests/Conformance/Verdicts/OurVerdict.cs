using Relo.Core;
using Relo.Core.Bpf;

namespace Relo.Conformance.Verdicts;

/// <summary>What we say of an object on the running kernel.</summary>
/// <param name="Broken">The object's verdict is <c>broken</c>.</param>
/// <param name="Programs">By name: whether the program's is.</param>
public sealed record OurVerdict(bool Broken, IReadOnlyDictionary<string, bool> Programs)
{
    public static OurVerdict Of(BpfObject bpf, Relocated relocated, CancellationToken cancellation)
    {
        var reached = Reachability.Find(bpf, relocated, cancellation);
        var owners = relocated.Fixups.Where(fixup => reached.Contains(fixup.Record.Index)).Select(fixup => fixup.Record.Program!).ToHashSet();
        var entries = bpf.Programs.Where(program => !program.IsSubprogram || bpf.Programs.Length == 1).ToArray();
        return new(reached.Count > 0, entries.GroupBy(program => program.Name).ToDictionary(group => group.Key, group => group.Any(owners.Contains) || owners.Any(owner => owner.IsSubprogram)));
    }
}
