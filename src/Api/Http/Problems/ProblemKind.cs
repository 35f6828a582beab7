namespace Relo.Api.Http.Problems;

/// <summary>A kind of failure. Clients recognise it by its <c>code</c>; people read about it at <c>/problems/&lt;code&gt;</c>.</summary>
/// <param name="Code">Stable, kebab-case; part of the contract.</param>
/// <param name="Status">HTTP status it is sent with.</param>
/// <param name="Title">The same for every occurrence (RFC 9457 §3.1.3); <c>detail</c> describes the single occurrence.</param>
/// <param name="Meaning">What happened, for the page.</param>
/// <param name="Remedy">What the client can do about it.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Meaning, string Remedy)
{
    /// <summary>The <c>type</c> member: a relative reference that leads to the page.</summary>
    public string Type => $"/problems/{Code}";
}
