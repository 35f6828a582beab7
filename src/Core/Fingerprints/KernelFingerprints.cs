using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Fingerprints;

/// <summary>
/// The fingerprints of every name of a kernel, its modules included. Two kernels with the same fingerprint of a name give the same result
/// for everything that is asked about that name, except type ids.
/// </summary>
/// <remarks>
/// A name that the kernel itself has is never searched in modules, so those count only for other names: all that have the name, in
/// search order and with the name of the module, which reports mention.
/// </remarks>
public sealed class KernelFingerprints
{
    private readonly Dictionary<ulong, NamedFingerprint> _all;

    private KernelFingerprints(Dictionary<ulong, NamedFingerprint> all) => _all = all;

    /// <summary>The fingerprints, in no particular order.</summary>
    public IReadOnlyCollection<NamedFingerprint> All => _all.Values;

    /// <summary>The fingerprints of a kernel; null if a type contains itself or is nested far more than any real one.</summary>
    /// <param name="kernel">Its types; all modules are opened.</param>
    /// <exception cref="ArgumentException">A module's BTF is not split BTF of the kernel's own.</exception>
    public static KernelFingerprints? Of(KernelTypes kernel)
    {
        var own = new BtfFingerprints(kernel.Own);
        Dictionary<ulong, NamedFingerprint>? withModules = null;
        foreach (var module in kernel.Modules)
        {
            withModules ??= new(own.All);
            if (module.Types.Base != kernel.Own)
                throw new ArgumentException($"the BTF of module {module.Name} is not split BTF of this kernel");
            var found = new BtfFingerprints(module.Types, own);
            if (found.Hasher.IsTooDeep) return null;
            Add(withModules, own, module.Name, found);
        }

        if (own.Hasher.IsTooDeep) return null;
        var all = withModules ?? own.All; // the kernel's own is not read again, so it may change
        AddFacts(all, own, kernel.Own.IsBigEndian, hasModules: withModules is not null);
        return new(all);
    }

    /// <summary>The fingerprint of a name; null if neither the kernel nor a module has it.</summary>
    public Fingerprint? Find(LayoutName name) => OfKey(name.Key);

    /// <summary>The same, by <see cref="LayoutName.Key"/>.</summary>
    public Fingerprint? OfKey(ulong key) => _all.TryGetValue(key, out var found) ? found.Fingerprint : null;

    private static void Add(Dictionary<ulong, NamedFingerprint> all, BtfFingerprints own, string module, BtfFingerprints found)
    {
        var name = LayoutName.KeyOf(BtfKind.Void, System.Text.Encoding.UTF8.GetBytes(module));
        foreach (var (key, added) in found.All)
        {
            if (own.Answers(key)) continue;
            var before = all.TryGetValue(key, out var known) ? own.Chain(known.Fingerprint, name) : new Fingerprint(name);
            all[key] = added with { Fingerprint = own.Chain(before, added.Fingerprint.Value) };
        }
    }

    private static void AddFacts(Dictionary<ulong, NamedFingerprint> all, BtfFingerprints own, bool isBigEndian, bool hasModules)
    {
        var facts = new LayoutBytes();
        facts.Add(isBigEndian ? 1u : 0);
        facts.Add(own.HasFunctions ? 1u : 0);
        facts.Add(own.HasVariables ? 1u : 0);
        facts.Add(hasModules ? 1u : 0);
        var key = LayoutName.Kernel.Key;
        all[key] = new(key, facts.Take(0), BtfKind.Void, null, 0);
    }
}
