using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;

namespace Relo.Core.MinimalBtf;

/// <summary>
/// Reduces a kernel's BTF to the types that one object needs: a few hundred bytes instead of megabytes, to ship with the object and
/// pass to libbpf as <c>btf_custom_path</c>. The types are those of <c>bpftool gen min_core_btf</c>, in the same order.
/// </summary>
/// <remarks>
/// Type ids are new, so <c>type-id-target</c> returns an id of the minimal BTF, which is meaningless to the kernel; that also holds for
/// bpftool's. Types of modules are left out: libbpf does not search modules if it is given BTF.
/// </remarks>
public static class MinimalBtfMaker
{
    /// <summary>
    /// Computes the minimal BTF of <paramref name="kernel"/> that relocates <paramref name="bpf"/> as the whole BTF does.
    /// </summary>
    /// <param name="bpf">The object. Without CO-RE records it needs nothing, and the result has no types.</param>
    /// <param name="kernel">The kernel's types; the result has their byte order.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns><see cref="MinimalBtfMade"/>, or <see cref="MinimalBtfFailed"/> if libbpf would refuse the object on this kernel.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static MinimalBtfOutcome Make(BpfObject bpf, BtfTypes kernel, CancellationToken cancellation = default)
    {
        var whole = ResolvedObject.Of(bpf, kernel, cancellation);
        if (whole.Failed is { } failed) return new MinimalBtfFailed(failed);

        var needed = new NeededTypes(kernel);
        foreach (var target in whole.Targets()) Need(needed, target);
        var bytes = Write(kernel, needed);
        // Fewer types can give different results: a pointer whose target is left out points to void and then matches void, the last
        // remaining member of a struct may be taken for a flexible array, a dropped duplicate can no longer replace a candidate. No real
        // kernel is known to have such a case; the result is checked rather than assumed.
        if (ResolvedObject.Of(bpf, BtfReader.Read(bytes), cancellation).Agree(whole)) return new MinimalBtfMade(bytes, IsWidened: false);

        foreach (var candidate in whole.Candidates(cancellation)) needed.Match(candidate);
        return new MinimalBtfMade(Write(kernel, needed), IsWidened: true);
    }

    /// <summary>btfgen_record_reloc of bpftool.</summary>
    private static void Need(NeededTypes needed, AccessSpec target)
    {
        if (target.Kind.IsFieldBased()) needed.Field(target);
        else if (target.Kind.IsEnumBased()) needed.Alone(target.RootTypeId);
        else if (target.Kind == CoreReloKind.TypeMatches) needed.Match(target.RootTypeId);
        else if (target.Kind != CoreReloKind.TypeIdLocal) needed.Type(target.RootTypeId);
    }

    private static byte[] Write(BtfTypes kernel, NeededTypes needed)
    {
        needed.PointerWidth();
        return new TypeCopier(kernel, needed).Write();
    }
}
