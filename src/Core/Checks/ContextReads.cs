using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>What programs that attach to tracepoints read of their context without a record, in code that can run on a kernel.</summary>
internal sealed class ContextReads
{
    // Real objects have some tens.
    private const int MaxPrograms = 1024;

    private readonly Dictionary<string, IReadOnlyList<int>> _offsets = new(StringComparer.Ordinal);

    private ContextReads()
    {
    }

    /// <summary>Of no program.</summary>
    public static ContextReads None { get; } = new();

    public static ContextReads Of(BpfObject bpf, Relocated relocated, KernelFacts kernel, CancellationToken cancellation)
    {
        var (found, walk) = (new ContextReads(), new Lazy<ContextWalk>(() => new(bpf, relocated, kernel, cancellation)));
        for (var i = 0; i < bpf.Programs.Length && found._offsets.Count < MaxPrograms; i++)
        {
            var program = bpf.Programs[i];
            if (!program.IsSubprogram && AttachTarget.Find(program.Section.Name)?.Sign is Sign.Tracepoint or Sign.Record)
                found._offsets[program.Name] = [.. walk.Value.Of(i).Select(read => read.Offset).Distinct().Order()];
        }

        return found;
    }

    /// <summary>The offsets at which a program reads, ascending.</summary>
    public IReadOnlyList<int> Of(string program) => _offsets.GetValueOrDefault(program) ?? [];
}
