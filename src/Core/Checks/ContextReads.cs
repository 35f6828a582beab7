using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>
/// The context offsets that tracepoint programs read without a CO-RE record. Only code that can run on the kernel counts.
/// </summary>
internal sealed class ContextReads
{
    // Real objects have a few dozen.
    private const int MaxPrograms = 1024;

    private readonly Dictionary<string, int[]> _offsets = new(StringComparer.Ordinal);

    private ContextReads()
    {
    }

    /// <summary>No program reads its context.</summary>
    public static ContextReads None { get; } = new();

    public static ContextReads Of(BpfObject bpf, Relocated relocated, KernelFacts kernel, CancellationToken cancellation)
    {
        var (found, walk) = (new ContextReads(), new Lazy<ContextWalk>(() => new(bpf, relocated, kernel, cancellation)));
        for (var i = 0; i < bpf.Programs.Length && found._offsets.Count < MaxPrograms; i++)
        {
            var program = bpf.Programs[i];
            if (!program.IsSubprogram && AttachTarget.Find(program.Section.Name)?.Indicator is Indicator.Tracepoint or Indicator.Record)
                found._offsets[program.Name] = [.. walk.Value.Of(i).Select(read => read.Offset).Distinct().Order()];
        }

        return found;
    }

    /// <summary>The offsets at which a program reads its context, in bytes, ascending.</summary>
    public int[] Of(string program) => _offsets.GetValueOrDefault(program) ?? [];
}
