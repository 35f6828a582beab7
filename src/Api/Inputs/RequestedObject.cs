using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Archive.Objects;

namespace Relo.Api.Inputs;

/// <summary>The object of a request: uploaded with it, or stored and named by it (<c>object={ref}</c>).</summary>
internal abstract record RequestedObject
{
    private RequestedObject() { }

    /// <summary>Uploaded as the body or in a form.</summary>
    public sealed record Uploaded(ReadOnlyMemory<byte> Bytes) : RequestedObject;

    /// <summary>Stored earlier.</summary>
    /// <param name="Ref">Its digest or a tag.</param>
    /// <param name="IsCurrent">Whether a tag must be read from the database, in case another node has just moved it.</param>
    public sealed record Kept(ObjectRef Ref, bool IsCurrent) : RequestedObject;

    /// <summary>Finds the object; null if it is not stored. Finding a stored object counts as a use.</summary>
    public async Task<FoundObject?> FindAsync(ObjectStore objects, CancellationToken cancellation) => this switch
    {
        Uploaded uploaded => FoundObject.Of(uploaded.Bytes),
        Kept kept => await objects.FindAsync(kept.Ref, cancellation, kept.IsCurrent) is { } stored ? FoundObject.Of(objects, stored) : null,
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    /// <summary>Reads from a request which object it names or contains.</summary>
    /// <param name="http">The request.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>The object, and its name if it has one.</returns>
    /// <exception cref="RefusedException">There is no object, or there are two.</exception>
    public static (RequestedObject Object, string? Name) Of(HttpContext http, ManyKernelsParameters parameters) =>
        Of(http, parameters.Object, parameters.Name);

    /// <summary>The same, with the values of the parameters <c>object</c> and <c>name</c>.</summary>
    /// <exception cref="RefusedException">There is no object, or there are two.</exception>
    public static (RequestedObject Object, string? Name) Of(HttpContext http, string? asked, string? name)
    {
        var body = ObjectBody.Of(http);
        if (string.IsNullOrWhiteSpace(asked))
        {
            return body.Bytes.IsEmpty
                ? throw new RefusedException(Problem.EmptyBody("the request has no object: expected one as the body, in the form field "
                    + "'object', or object=<digest or tag> of a stored object"))
                : (new Uploaded(body.Bytes), ObjectName.Clean(name ?? body.FileName));
        }

        if (!body.Bytes.IsEmpty)
            throw new RefusedException(Problem.InvalidParameter("object", asked, "no such parameter with an uploaded object"));
        var reference = RefParameter.Parse(asked, "object");
        return (new Kept(reference, TagFreshness.IsWanted(http.Request)), ObjectName.Clean(name ?? reference.TagOf()));
    }
}
