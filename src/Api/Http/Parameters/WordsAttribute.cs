namespace Relo.Api.Http.Parameters;

/// <summary>Marks a parameter whose value is one of a few words.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal abstract class WordsAttribute(IReadOnlyList<string> words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Whether several may be given, separated by commas.</summary>
    public virtual bool IsList => false;
}
