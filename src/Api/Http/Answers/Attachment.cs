using Microsoft.Net.Http.Headers;

namespace Relo.Api.Http.Answers;

/// <summary>Content-Disposition of something to save.</summary>
internal static class Attachment
{
    /// <summary>The value for this name, also where the name is not ASCII (RFC 6266).</summary>
    public static string Named(string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        return disposition.ToString();
    }
}
