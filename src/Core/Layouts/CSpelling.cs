using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>How a <see cref="CDeclaration"/> spells what it refers to.</summary>
internal abstract class CSpelling
{
    /// <summary>A type that is not made of others: <c>int</c>, <c>struct file</c>, <c>size_t</c>.</summary>
    public abstract string Type(BtfType type);

    /// <summary>The name of a parameter; may be empty.</summary>
    public abstract string Parameter(uint nameOffset);

    /// <summary>A type tag; empty to leave it out.</summary>
    public abstract string Tag(BtfType tag);

    /// <summary>What stands for types that are nested too deeply; it may throw instead.</summary>
    public abstract string TooMuch();
}
