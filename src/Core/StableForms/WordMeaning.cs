namespace Relo.Core.StableForms;

/// <summary>What a word of a type is.</summary>
internal enum WordMeaning
{
    /// <summary>A number, flags, an offset: the same in both forms.</summary>
    Number,

    /// <summary>The offset of a name.</summary>
    Name,

    /// <summary>The id of a type.</summary>
    Type,
}
