namespace Relo.Api.Http.Parameters;

/// <summary>As <see cref="WordsOfAttribute{T}"/>, for several words separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WordListOfAttribute<T>() : WordsAttribute(WordsOf<T>.All)
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override bool IsList => true;
}
