using System.Text;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;
using Relo.Core.Layouts;
using Relo.Core.Relocation;

namespace Relo.Api.Types;

/// <summary>A type that a request names.</summary>
/// <param name="Name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
/// <param name="Kind">Which of several with the name; null for the first.</param>
/// <param name="Module">The module to search; without one, the kernel, and then its modules.</param>
internal sealed record TypeQuery(string Name, string? Kind, string? Module)
{
    /// <summary>The types of this name on a kernel; the first is the one that the name means.</summary>
    /// <exception cref="RefusedException">There is none: <c>type-not-found</c>.</exception>
    public FoundTypes FindOn(Kernel kernel, KernelTypes opened)
    {
        var (kind, name) = Wanted();
        return Find(kernel, opened, name, kind)
            ?? throw new RefusedException(Problem.TypeNotFound(kind is null ? name : $"{kind} {name}", kernel.Id));
    }

    /// <summary>The name without a word for the kind.</summary>
    public string BareName => NamedTypes.Split(Name).Name;

    /// <summary>The entries of the layout index that the name can mean, most likely first, with the words for their kinds.</summary>
    /// <exception cref="RefusedException">The kind is unknown.</exception>
    public IEnumerable<(string Kind, LayoutName Name)> LayoutNames()
    {
        var (kind, name) = Wanted();
        var bytes = Encoding.UTF8.GetBytes(name);
        return NamedTypes.KindWords.Where(word => kind is null || word == kind).Select(word => (word, NamedTypes.KindsOf(word)[0] switch
        {
            BtfKind.Func or BtfKind.Var => LayoutName.OfSymbol(name),
            var one => LayoutName.OfType(one, bytes),
        }));
    }

    private (string? Kind, string Name) Wanted()
    {
        var (kind, name) = NamedTypes.Split(Name, string.IsNullOrEmpty(Kind) ? null : Kind);
        return kind is null || NamedTypes.KindWords.Contains(kind)
            ? (kind, name)
            : throw new RefusedException(Problem.InvalidParameter("kind", kind, string.Join(", ", NamedTypes.KindWords)));
    }

    private FoundTypes? Find(Kernel kernel, KernelTypes opened, string name, string? kind)
    {
        var types = KernelTypeReader.Of(kernel, opened, Module);
        if (NamedTypes.Find(types, name, kind) is { Count: > 0 } own)
            return new(types, own, own[0].Id < types.FirstId || types.Base is null ? null : Module);
        if (!string.IsNullOrEmpty(Module)) return null;
        var bytes = Encoding.UTF8.GetBytes(name);
        foreach (var module in opened.Modules)
            if (module.MayHave(EssentialName.Of(bytes)) && NamedTypes.Find(module.Types, name, kind) is { Count: > 0 } found)
                return new(module.Types, found, module.Name);
        return null;
    }
}

/// <summary>Types of one name.</summary>
/// <param name="Types">The BTF.</param>
/// <param name="Found">Each kind once, the one that the name means first.</param>
/// <param name="Module">The module that has them; null for the kernel itself.</param>
internal sealed record FoundTypes(BtfTypes Types, IReadOnlyList<BtfType> Found, string? Module)
{
    /// <summary>The first, with everything that it embeds.</summary>
    public TypeSnapshot ToSnapshot() => TypeSnapshot.Of(Types, Found[0]);
}
