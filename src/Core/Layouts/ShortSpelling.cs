using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>For people: an anonymous struct, union or enum is <c>struct {…}</c>, and type tags are left out.</summary>
internal sealed class ShortSpelling(BtfTypes types) : CSpelling
{
    private const string Omitted = "…";

    /// <inheritdoc/>
    public override string Type(BtfType type)
    {
        var name = type.NameOffset == 0 ? $"{{{Omitted}}}" : LayoutBudget.Cut(types, type.NameOffset);
        return TypeKind.KeywordOf(type) is { } keyword ? $"{keyword} {name}" : name;
    }

    /// <inheritdoc/>
    public override string Parameter(uint nameOffset) => LayoutBudget.Cut(types, nameOffset);

    /// <inheritdoc/>
    public override string Tag(BtfType tag) => "";

    /// <inheritdoc/>
    public override string TooMuch() => Omitted;
}
