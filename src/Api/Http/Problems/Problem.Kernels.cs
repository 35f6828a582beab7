using Relo.Archive.Faults;
using Relo.Archive.Kernels;

namespace Relo.Api.Http.Problems;

/// <summary>Maps failures to problem responses. This part: kernels and objects.</summary>
internal sealed partial class Problem
{
    private const string Forms = "a release (5.4.0-91-generic), a path (ubuntu/20.04/x86_64/5.4.0-91-generic), sha256:<BTF digest>, or "
        + "the text of uname -a or /proc/version";

    public static Problem KernelMissing() => new(ProblemKinds.InvalidKernel, $"the parameter kernel is missing, expected {Forms}");

    public static Problem KernelOrFilterMissing() => new(ProblemKinds.InvalidKernel,
        $"the parameter kernel is missing, expected {Forms}; for many kernels expected one of distro, version, arch, release instead "
            + "(release=* for all)");

    /// <summary>The filter as the client wrote it; empty for all kernels.</summary>
    public static Problem NoKernelMatches(string filter) =>
        new(ProblemKinds.KernelNotFound, filter.Length == 0 ? "the archive has no kernels" : $"no kernel in the archive matches {filter}");

    /// <summary>The problem of each resolution except <see cref="KernelFound"/>.</summary>
    public static Problem Of(KernelResolution resolution, string asked) => resolution switch
    {
        KernelInvalid invalid => new Problem(ProblemKinds.InvalidKernel, invalid.Detail).With("explanation", invalid.Explanation),
        KernelNotFound none => new Problem(ProblemKinds.KernelNotFound, Missing(none, asked))
            .With("nearest", none.Nearest).With("explanation", none.Explanation),
        KernelUnavailable later => new Problem(ProblemKinds.UpstreamUnavailable, $"'{asked}' is not in the archive, and {later.Reason}")
            .With("nearest", later.Nearest).With("explanation", later.Explanation).WithHeader("Retry-After", AtLeastOne(later.RetryAfter)),
        KernelAmbiguous several => Ambiguous(asked, several.Candidates).With("explanation", several.Explanation),
        _ => throw new InvalidOperationException($"{resolution.GetType().Name} is not a problem"),
    };

    /// <summary>The first sentence of the detail, which scripts print alone.</summary>
    public static string Missing(KernelNotFound none, string asked) => none.Detail ?? $"no kernel in the archive matches '{asked}'";

    public static Problem Ambiguous(string asked, IReadOnlyList<Kernel> candidates)
        => new Problem(ProblemKinds.KernelAmbiguous, $"'{asked}' matches {candidates.Count} kernels, expected one: give its id, "
            + "or narrow it with distro, version, arch")
            .With("candidates", candidates);

    public static Problem Of(KernelGoneException gone) => new(ProblemKinds.KernelNotFound, gone.Message);

    public static Problem ObjectNotFound(string reference) => new(ProblemKinds.ObjectNotFound, $"the service has no object '{reference}'");

    public static Problem BtfNotFound(string digest) => new(ProblemKinds.BtfNotFound, $"the archive has no BTF sha256:{digest}");

    public static Problem TypeNotFound(string name, string kernel) => new(ProblemKinds.TypeNotFound, $"{kernel} has no '{name}'");

    public static Problem TypeNowhere(string name, int kernels) => new(ProblemKinds.TypeNotFound, kernels == 1
        ? $"the kernel that matches has no '{name}'"
        : $"none of the {kernels} kernels that match has '{name}'");

    public static Problem Of(Conflict conflict) => new Problem(ProblemKinds.KernelConflict,
        conflict.Module is { } module
            ? $"{conflict.Existing.Id} is in the archive with different BTF of its module {module}; replace=true replaces it"
            : $"{conflict.Existing.Id} is in the archive with BTF {conflict.Existing.Btf}; replace=true replaces it")
            .With("existing", conflict.Existing);

    public static Problem Of(Rejected rejected)
    {
        var kind = ProblemKinds.Find(rejected.Code) ?? throw new InvalidOperationException($"'{rejected.Code}' is not a problem code");
        var problem = new Problem(kind, rejected.Detail);
        return rejected.Section is null ? problem : problem.With("section", rejected.Section).With("offset", rejected.Offset);
    }
}
