using Relo.Api.Compatibility;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Trust;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Api.Bundles;

/// <summary>
/// Computes the parts of one bundle. Kernels with the same BTF, or with the same layouts of what the object reads, share the work; only
/// the first part with a relocated object has its bytes, which are not cached.
/// </summary>
internal sealed class BundleParts(
    RelocationRunner runner, FoundObject found, FailOn failOn, MemoryShare memory, CancellationToken cancellation)
{
    private const int BytesPerCharacter = 8; // in the index and the script, and again in their encoded forms

    private readonly Dictionary<RelocationKey, BundlePart> _made = [];
    private readonly Dictionary<LayoutGroup, (UsablePart Part, IReadOnlySet<string> Modules)> _ofGroups = [];
    private readonly HashSet<Digest> _given = [];

    /// <summary>The result of the first unusable kernel; null if there is none so far.</summary>
    public RelocationResult? FirstUnusable { get; private set; }

    /// <summary>
    /// The exception of the first kernel whose BTF cannot be read or whose relocation needs too much memory; null if there is none so far.
    /// </summary>
    public Exception? FirstFault { get; private set; }

    /// <summary>The part of a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="group">The kernels with the same layouts; null if only its BTF answers.</param>
    /// <exception cref="InvalidOperationException">The object was deleted in the meantime.</exception>
    /// <exception cref="RefusedException">The bundle needs more memory than there is.</exception>
    public async Task<BundlePart> OfAsync(Kernel kernel, LayoutGroup? group) => Hold(await FindAsync(kernel, group));

    private async Task<BundlePart> FindAsync(Kernel kernel, LayoutGroup? group)
    {
        cancellation.ThrowIfCancellationRequested();
        var key = RelocationKey.Of(found.Digest, kernel);
        try
        {
            if (_made.TryGetValue(key, out var known)) return known with { Kernel = kernel };
            if (group is not null && _ofGroups.TryGetValue(group, out var same))
                return _made[key] = same.Part with { Kernel = kernel, Btf = StatementFacts.BtfOf(kernel, same.Modules) };
            var result = failOn.Judge(await runner.RunAsync(found, kernel, cancellation, keep: false));
            var part = Read(kernel, result);
            _made.Add(key, part is UsablePart usable ? usable with { Bytes = null } : part);
            if (group is not null && _made[key] is UsablePart shared && result is RelocationMade { Relocation.Report: var report })
                _ofGroups.Add(group, (shared, report.Modules));
            return part;
        }
        catch (KernelGoneException e)
        {
            return Unusable(kernel, e); // not those that share its BTF
        }
        catch (Exception e) when (IsOfKernel(e))
        {
            return _made[key] = Unusable(kernel, e);
        }
    }

    // The other kernels are still usable. The more of the object a kernel poisons, the more memory the relocation needs, perhaps more than
    // one request ever gets. A temporary refusal is not one of the kernel: a bundle without this kernel would look complete.
    private static bool IsOfKernel(Exception e) =>
        e is BlobLostException or MalformedObjectException { Code: MalformedObjectException.InvalidBtf }
        || (e is RefusedException refused && refused.Problem.Kind == ProblemKinds.BodyTooLarge);

    private UnusablePart Unusable(Kernel kernel, Exception e)
    {
        FirstFault ??= e;
        var problem = Problem.OfInput(e)!;
        return new(kernel, problem.Kind, problem.Detail);
    }

    // What a kernel lacks is listed for each kernel, and the lists are sent last.
    private BundlePart Hold(BundlePart part)
    {
        if (part is UsablePart { Lacking: { Count: > 0 } lacking })
            memory.Take(BytesPerCharacter * lacking.Sum(check => (long)check.Name.Length + check.Evidence.Length
                + check.Programs.Sum(program => program.Length)));
        return part;
    }

    private BundlePart Read(Kernel kernel, RelocationResult result)
    {
        switch (result)
        {
            case RelocationUnwanted unwanted:
                FirstUnusable ??= unwanted;
                return new UnusablePart(kernel, ProblemKinds.RelocationUnusable, unwanted.Detail);
            case RelocationMade { Relocation: var made }:
                // a bare null would convert to an empty memory
                return new UsablePart(kernel, made.PatchedDigest, made.Report.Verdict,
                    _given.Add(made.PatchedDigest) ? made.PatchedBytes : default(ReadOnlyMemory<byte>?),
                    [.. made.Report.Checks.Where(check => check.IsLacking)], StatementFacts.BtfOf(made));
            case RelocationRefused refused:
                FirstUnusable ??= refused;
                return new UnusablePart(kernel, ProblemKinds.RelocationFailed, refused.Failure.Message);
            case ObjectUnknown gone:
                throw new InvalidOperationException($"object {gone.Object} was deleted while its bundle was being built");
            default:
                throw new InvalidOperationException(result.GetType().Name);
        }
    }
}
