namespace Relo.Api.Relocations;

/// <summary>Optional content of a report.</summary>
internal enum Included
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The patched object.</summary>
    Object,

    /// <summary>Every instruction of the programs.</summary>
    Disassembly,
}
