using Relo.Core;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Conformance.Verdicts;

/// <summary>Our verdict on an object on the running kernel.</summary>
/// <param name="Broken">The object's verdict is <c>broken</c>.</param>
/// <param name="Programs">By name: whether the program's is.</param>
public sealed record OurVerdict(bool Broken, IReadOnlyDictionary<string, bool> Programs)
{
    public static OurVerdict Of(BpfObject bpf, Relocated relocated, CancellationToken cancellation)
    {
        var result = ReachabilityCheck.Of(bpf, relocated, Running(), cancellation);
        var entries = bpf.Programs.Where(program => !program.IsSubprogram || bpf.Programs.Length == 1).ToArray();
        return new(
            result.Verdict == Verdict.Broken,
            entries.GroupBy(program => program.Name)
                .ToDictionary(group => group.Key, group => group.Any(program => result.Of(program) == Verdict.Broken)));
    }

    /// <summary>What we say of its needs.</summary>
    public static IReadOnlyList<Check> ChecksOf(BpfObject bpf, Relocated relocated) =>
        NeedChecks.Of(bpf, relocated, ReachabilityCheck.Of(bpf, relocated, Running()), Running());

    /// <summary>The version of the running kernel, as libbpf takes it from <c>uname -r</c> (get_kernel_version).</summary>
    private static KernelVersion? Running()
    {
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim().Split('-')[0].Split('.');
        uint[] parts = [.. release.TakeWhile(part => uint.TryParse(part, out _)).Select(uint.Parse)];
        return parts.Length < 3 ? null : KernelVersion.Exact(parts[0], parts[1], parts[2]);
    }
}
