namespace Relo.Core.Btf;

/// <summary>A type with a name.</summary>
/// <param name="Hash">Hash of its essential name.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct NameEntry(uint Hash, uint Id)
{
    public const int Size = 8;
}
