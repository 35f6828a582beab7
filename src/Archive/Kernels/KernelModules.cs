using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>
/// Modules of a kernel, by name. Equal if the names and BTF are equal. The hash is computed once, because kernels have thousands of
/// modules, and thousands of kernels may be compared.
/// </summary>
[CollectionBuilder(typeof(KernelModules), nameof(Of))]
public sealed class KernelModules : IReadOnlyList<KernelModule>, IEquatable<KernelModules>
{
    private static readonly KernelModules None = new([]);

    private readonly KernelModule[] _modules;
    private readonly int _hash;
    private readonly Lazy<Digest> _digest;

    private KernelModules(KernelModule[] modules)
    {
        var hash = new HashCode();
        foreach (var module in modules) hash.Add((module.Name, module.Btf));
        (_modules, _hash, _digest) = (modules, hash.ToHashCode(), new(() => DigestOf(modules)));
    }

    /// <summary>The module with this name, or null.</summary>
    public KernelModule? Find(string name)
    {
        foreach (var module in _modules)
            if (module.Name == name) return module;
        return null;
    }

    /// <summary>Makes a list of modules.</summary>
    public static KernelModules Of(ReadOnlySpan<KernelModule> modules) => modules.Length == 0 ? None : new(modules.ToArray());

    /// <summary>The same without a copy: the caller must not change the array afterwards.</summary>
    internal static KernelModules OfArray(KernelModule[] modules) => modules.Length == 0 ? None : new(modules);

    /// <summary>Digest of their names and BTF, in this order.</summary>
    internal Digest Digest => _digest.Value;

    /// <inheritdoc/>
    public int Count => _modules.Length;

    /// <inheritdoc/>
    public KernelModule this[int index] => _modules[index];

    /// <inheritdoc/>
    public bool Equals(KernelModules? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _modules.AsSpan().SequenceEqual(other._modules));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelModules);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public IEnumerator<KernelModule> GetEnumerator() => ((IEnumerable<KernelModule>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Digest DigestOf(KernelModule[] modules)
    {
        var text = new StringBuilder();
        foreach (var module in modules) text.Append(module.Name).Append(' ').Append(module.Btf.Hex).Append('\n');
        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
